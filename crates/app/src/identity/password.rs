//! Passwords: 15 to 128 characters of any kind, none known from a breach, kept as Argon2id hashes
//! whose cost stands beside them. An unknown name costs the same work as a wrong password.

use super::{Argon2Cost, base};
use crate::{App, AppError, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

/// Fewest and most characters.
const LENGTH: (usize, usize) = (15, 128);

/// A hash with what it was made with.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Hashed {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    hash: String,
}

fn argon(cost: Argon2Cost, password: &str, salt: &[u8]) -> Result<[u8; 32]> {
    let broken = |e: argon2::Error| AppError::Internal(e.to_string());
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(broken)?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut out)
        .map_err(broken)?;
    Ok(out)
}

impl App {
    /// Why a password is not taken; `None` where it is.
    pub(crate) fn password_fault(&self, password: &str, names: &[&str]) -> Result<Option<String>> {
        let length = password.chars().count();
        if length < LENGTH.0 || length > LENGTH.1 {
            return Ok(Some(format!(
                "A password has {} to {} characters; this one has {length}",
                LENGTH.0, LENGTH.1
            )));
        }
        let plain = password.to_lowercase();
        if names
            .iter()
            .any(|n| n.len() > 3 && plain.contains(&n.to_lowercase()))
        {
            return Ok(Some("The password holds your own name".to_owned()));
        }
        let mut letters: Vec<char> = plain.chars().collect();
        letters.sort_unstable();
        letters.dedup();
        if letters.len() < 5 {
            return Ok(Some(
                "The password is the same few characters over and over".to_owned(),
            ));
        }
        let breached = match &self.identity.settings.breached_passwords {
            Some(path) => super::Breached::at(path).holds(password)?,
            None => false,
        };
        Ok(breached.then(|| "The password is known from a breach; choose another".to_owned()))
    }

    /// The hash to keep.
    pub(crate) fn hash_password(&self, password: &str) -> Result<Hashed> {
        let salt: [u8; 16] = self.around.random();
        let cost = self.identity.settings.argon2;
        let hash = self
            .identity
            .gate
            .through(|| argon(cost, password, &salt))?;
        Ok(Hashed {
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: cost.lanes,
            salt: base::encode(&salt),
            hash: base::encode(&hash),
        })
    }

    /// Whether a password fits a hash. Without a hash the same work is done, and the answer is no.
    pub(crate) fn password_fits(&self, password: &str, kept: Option<&Hashed>) -> Result<bool> {
        let cost = kept.map_or(self.identity.settings.argon2, |k| Argon2Cost {
            memory_kib: k.memory_kib,
            passes: k.passes,
            lanes: k.lanes,
        });
        let salt = kept
            .and_then(|k| base::decode(&k.salt))
            .unwrap_or_else(|| vec![0; 16]);
        let hash = self
            .identity
            .gate
            .through(|| argon(cost, password, &salt))?;
        let wanted = kept.and_then(|k| base::decode(&k.hash)).unwrap_or_default();
        Ok(same(&hash, &wanted))
    }
}

/// Whether two values are the same, in a time that does not say where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}
