//! A throw-away PostgreSQL cluster that lives as long as we do, however we end.

use super::needs;
use crate::shell;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// Makes the cluster, says so, and takes it away when its input ends: also when we are killed.
const SCRIPT: &str = include_str!("cluster.sh");

/// A running cluster.
pub(super) struct Cluster {
    keeper: Child,
    port: u16,
}

impl Cluster {
    /// Makes and starts a cluster on a free port of the loopback address.
    pub(super) fn start() -> Result<Self, String> {
        let programs = needs::postgres_programs().ok_or("no PostgreSQL server on this machine")?;
        let port = free_port()?;
        let mut keeper = Command::new("sh")
            .args(["-c", SCRIPT, "cluster.sh"])
            .arg(programs)
            .arg(port.to_string())
            .arg(if shell::is_root() { "postgres" } else { "" })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C reaches us, not the keeper; it sees its input end and cleans up.
            .process_group(0)
            .spawn()
            .map_err(|e| format!("sh: {e}"))?;
        let mut said = String::new();
        if let Some(output) = keeper.stdout.take() {
            let mut output = BufReader::new(output);
            while output.read_line(&mut said).is_ok_and(|n| n > 0) && !said.ends_with("ready\n") {}
        }
        if said.ends_with("ready\n") {
            return Ok(Self { keeper, port });
        }
        let _ = keeper.wait();
        Err(format!("PostgreSQL did not start:\n{said}"))
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

fn free_port() -> Result<u16, String> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|l| l.local_addr())
        .map(|a| a.port())
        .map_err(|e| format!("no free port: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn the_cluster_answers_and_goes_away_with_its_owner() {
        if needs::postgres_programs().is_none() {
            println!("SKIPPED: a throw-away cluster; no PostgreSQL server on this machine");
            return;
        }
        let cluster = Cluster::start().unwrap();
        let port = cluster.port;
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(cluster);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
