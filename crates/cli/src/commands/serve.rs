//! `serve`: pages and API of an instance.

use super::rulebook::Rulebook;
use super::serving::{self, Server};
use crate::Outcome;
use crate::config::Global;
use crate::exit::{Failure, REFUSED};
use crate::instance::Place;
use crate::keys::is_root;
use crate::output::Out;
use crate::witnessing::Witnesses;
use clap::Args;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use symbolon_exchange::limits::Limits;
use symbolon_web::Settings;

/// Serve pages and API of an instance.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon serve --data ./d                      http://127.0.0.1:7600\n  symbolon serve --listen 127.0.0.1:8080 --proxy 127.0.0.1   behind a proxy that speaks TLS"
)]
pub struct Serve {
    /// Address and port to listen on; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:7600", value_name = "ADDR:PORT")]
    listen: SocketAddr,
    /// Address people type, with its scheme: passkeys and identity providers are bound to it
    #[arg(long, value_name = "URL", value_parser = origin)]
    address: Option<String>,
    /// Address of a proxy that speaks TLS for us: its X-Forwarded-For is believed, cookies are Secure
    #[arg(long, value_name = "IP")]
    proxy: Vec<IpAddr>,
    /// Serve plain HTTP to a network all the same
    #[arg(long)]
    force_http: bool,
    /// Run as root all the same
    #[arg(long)]
    force_root: bool,
    /// Requests a second of a signed-in user, and how many at once
    #[arg(long, default_value = "20/60", value_name = "RATE/BURST", value_parser = rate)]
    user_rate: (u32, u32),
    /// Requests a second of an address without sign-in, and how many at once
    #[arg(long, default_value = "5/60", value_name = "RATE/BURST", value_parser = rate)]
    address_rate: (u32, u32),
    /// Change a limit on connections: connections, per_address, header_seconds or idle_seconds; may be given several times
    #[arg(long = "limit", value_name = "NAME=NUMBER", value_parser = limit)]
    limits: Vec<(String, u64)>,
    /// Seconds between signed checkpoints while there is news
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    sign_every: u64,
    /// Seconds after which another server on the same database does again what one that fell silent was doing
    #[arg(long, default_value_t = symbolon_app::JOB_LEASE, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    job_lease: u32,
    #[command(flatten)]
    witnesses: Witnesses,
    #[command(flatten)]
    rulebook: Rulebook,
}

/// `20/60`, or `20` with a burst three times the rate.
fn rate(text: &str) -> Result<(u32, u32), String> {
    let (rate, burst) = text.split_once('/').unwrap_or((text, ""));
    let number = |s: &str| s.parse::<u32>().ok().filter(|n| *n > 0);
    let rate = number(rate).ok_or("a rate is a whole number above 0, or RATE/BURST")?;
    let burst = match burst {
        "" => rate.saturating_mul(3),
        b => number(b).ok_or("a burst is a whole number above 0")?,
    };
    Ok((rate, burst))
}

/// A limit by its name, `connections=2048`. Only those of connections are of the server; files have their own.
fn limit(text: &str) -> Result<(String, u64), String> {
    const OURS: [&str; 4] = [
        "connections",
        "per_address",
        "header_seconds",
        "idle_seconds",
    ];
    let (name, number) = text.split_once('=').ok_or("a limit is NAME=NUMBER")?;
    if !OURS.contains(&name) {
        return Err(format!("the limits of a server are {}", OURS.join(", ")));
    }
    let number = number.parse().ok().filter(|n| *n > 0);
    let number = number.ok_or("a limit is a whole number above 0")?;
    let changed = std::collections::BTreeMap::from([(name.to_owned(), number)]);
    Limits::with(&changed).map_err(|e| e.to_string())?;
    Ok((name.to_owned(), number))
}

/// An origin: scheme and host, with nothing behind.
fn origin(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let host = ["https://", "http://"]
        .iter()
        .find_map(|s| text.strip_prefix(s));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '@', '?', '#', ' ']) => {
            Ok(text.to_owned())
        }
        _ => Err("an address is https:// (or http://) and a host, and nothing behind".to_owned()),
    }
}

impl Serve {
    /// Serves until told to stop.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let loopback = self.listen.ip().is_loopback();
        self.check_transport(loopback)?;
        self.check_root(loopback)?;
        self.witnesses.check()?;
        let instance = Place::of(global).open_writer()?;
        self.rulebook.put(&instance.app)?;
        instance.app.lease_jobs_for(self.job_lease);
        let server = Server::new()?;
        let listener = serving::bind(self.listen)?;
        let address = listener
            .local_addr()
            .map_err(|e| Failure::new(crate::exit::FAILED, e.to_string()))?;
        let url = format!("http://{address}");
        let json = serde_json::json!({"event": "listening", "url": url});
        match Out::of(global) {
            Out::Json => crate::output::text(&format!("{json}\n"))?,
            _ => crate::output::text(&format!("Listening on {url}\n"))?,
        }
        instance
            .app
            .identity
            .serve_at(self.address.as_deref().unwrap_or(&url));
        let settings = Settings {
            secure: !self.proxy.is_empty(),
            user_rate: self.user_rate,
            address_rate: self.address_rate,
            proxies: self.proxy,
            limits: Limits::with(&self.limits.into_iter().collect())
                .map_err(|e| Failure::new(crate::exit::USAGE, e.to_string()))?,
            ..Settings::default()
        };
        server.serve(
            instance,
            listener,
            settings,
            Duration::from_secs(self.sign_every),
            &self.witnesses,
        )
    }

    fn check_transport(&self, loopback: bool) -> Outcome<()> {
        if loopback {
            return Ok(());
        }
        if !self.force_http {
            return Err(Failure::new(
                REFUSED,
                format!("{} is not loopback, and plain HTTP would show sign-ins to the network", self.listen.ip()),
            )
            .help(
                "Listen on 127.0.0.1 behind a proxy that speaks TLS (--proxy IP), or accept the risk: --force-http",
            ));
        }
        eprintln!(
            "warning: plain HTTP on {}: anybody on the network can read sessions.",
            self.listen
        );
        Ok(())
    }

    fn check_root(&self, loopback: bool) -> Outcome<()> {
        if !is_root() || self.force_root {
            return Ok(());
        }
        if loopback {
            eprintln!("note: this runs as root; a user of its own is better.");
            return Ok(());
        }
        Err(Failure::new(REFUSED, "it would serve a network as root")
            .help("Run it as a user of its own, or accept the risk: --force-root"))
    }
}

#[cfg(test)]
mod tests {
    use super::{origin, rate};

    #[test]
    fn an_address_is_an_origin() {
        assert_eq!(
            origin("https://s.example/").as_deref(),
            Ok("https://s.example")
        );
        for wrong in ["s.example", "https://", "https://s.example/path", "ftp://s"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_has_a_burst() {
        assert_eq!(rate("20/60"), Ok((20, 60)));
        assert_eq!(rate("20"), Ok((20, 60)));
        assert!(rate("0").is_err());
        assert!(rate("a/b").is_err());
        assert!(rate("1/0").is_err());
    }
}
