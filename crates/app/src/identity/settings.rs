//! What the operator may set about identities, read from a TOML file. Defaults are the rules' own values.

use super::oidc::Provider;
use serde::Deserialize;
use std::path::PathBuf;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Cost of a password hash.
    pub argon2: Argon2Cost,
    /// So many hashes at once.
    pub most_hashes: usize,
    /// A file of breached passwords, for use without a network: plain lines, or SHA-1 hashes in order
    /// (`HASH:count`, as the public corpus is given out). None ships with the program.
    pub breached_passwords: Option<PathBuf>,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub session_hours: u32,
    /// Sessions of one account at the same time.
    pub sessions: usize,
    /// Minutes for which a factor counts as fresh.
    pub fresh_minutes: u32,
    /// Days an API token lasts at most.
    pub token_days: u32,
    /// Identity providers.
    pub provider: Vec<Provider>,
}

/// Cost of a password hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argon2Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Argon2Cost {
    /// Nothing cheaper is taken.
    pub const FLOOR: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
        lanes: 1,
    };
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            argon2: Argon2Cost {
                memory_kib: 64 * 1024,
                passes: 3,
                lanes: 4,
            },
            most_hashes: 2,
            breached_passwords: None,
            idle_minutes: 30,
            session_hours: 12,
            sessions: 5,
            fresh_minutes: 10,
            token_days: 90,
            provider: vec![],
        }
    }
}

impl Settings {
    /// Reads a file of settings and checks it against the rules.
    ///
    /// # Errors
    /// What is wrong, in words for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let settings: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), String> {
        let (floor, cost) = (Argon2Cost::FLOOR, self.argon2);
        if cost.memory_kib < floor.memory_kib || cost.passes < floor.passes || cost.lanes < 1 {
            return Err("argon2 is below the floor of 19456 KiB, 2 passes, 1 lane".to_owned());
        }
        let limits = [
            ("idle_minutes", self.idle_minutes as usize, 30),
            ("session_hours", self.session_hours as usize, 12),
            ("sessions", self.sessions, 5),
            ("fresh_minutes", self.fresh_minutes as usize, 10),
            ("token_days", self.token_days as usize, 90),
            ("most_hashes", self.most_hashes, 2),
        ];
        for (name, value, most) in limits {
            if value == 0 || value > most {
                return Err(format!("{name} is at least 1 and at most {most}"));
            }
        }
        for provider in &self.provider {
            provider.check()?;
        }
        let mut names: Vec<&str> = self.provider.iter().map(|p| p.name.as_str()).collect();
        names.sort_unstable();
        match names.windows(2).find(|w| w[0] == w[1]) {
            Some(twice) => Err(format!("two providers are called `{}`", twice[0])),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_37_settings_may_be_tightened_and_not_loosened() {
        assert!(Settings::parse("").is_ok());
        assert!(
            Settings::parse(
                "idle_minutes = 10\n[argon2]\nmemory_kib = 131072\npasses = 3\nlanes = 4"
            )
            .is_ok()
        );
        for loose in [
            "idle_minutes = 31",
            "sessions = 6",
            "token_days = 91",
            "most_hashes = 3",
            "fresh_minutes = 0",
            "[argon2]\nmemory_kib = 8\npasses = 3\nlanes = 1",
            "surprise = 1",
        ] {
            assert!(Settings::parse(loose).is_err(), "{loose}");
        }
    }
}
