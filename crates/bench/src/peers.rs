//! The peers: the same page the way a team would write it in Python, with two workers.

use crate::transactions::{all, country};
use std::error::Error;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Rows of the peers' table.
const ROWS: usize = 1_000_000;

/// A server in Python; ended when dropped.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    child: Child,
}

/// The table that the peers show.
pub(crate) fn database(file: &Path) -> Result<(), rusqlite::Error> {
    let mut conn = rusqlite::Connection::open(file)?;
    let tx = conn.transaction()?;
    tx.execute_batch(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, country TEXT, authority TEXT, fy INT, kind TEXT, amount_cents INT)",
    )?;
    {
        let mut insert = tx.prepare("INSERT INTO t VALUES(?, ?, ?, ?, ?, ?)")?;
        for (id, t) in (1..).zip(all(ROWS)) {
            let [c, fy, authority, kind] = t.key;
            let (authority, kind) = (format!("A{authority:02}"), format!("K{kind}"));
            insert.execute(rusqlite::params![
                id as i64,
                country(c),
                authority,
                fy,
                kind,
                t.cents
            ])?;
        }
    }
    tx.commit()
}

impl Peer {
    pub(crate) fn fastapi(python: &str, database: &Path) -> Result<Self, Box<dyn Error>> {
        let args = [
            "uvicorn",
            "fastapi_page:app",
            "--workers",
            "2",
            "--no-access-log",
            "--log-level",
            "error",
            "--port",
        ];
        Self::start("FastAPI", python, &args, false, database)
    }

    pub(crate) fn django(python: &str, database: &Path) -> Result<Self, Box<dyn Error>> {
        let args = [
            "gunicorn",
            "django_page:application",
            "-w",
            "2",
            "--log-level",
            "error",
            "-b",
        ];
        Self::start("Django", python, &args, true, database)
    }

    fn start(
        name: &'static str,
        python: &str,
        args: &[&str],
        host: bool,
        database: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let own = if host {
            address.to_string()
        } else {
            address.port().to_string()
        };
        let mut child = Command::new(python)
            .arg("-m")
            .args(args)
            .arg(own)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("peers"))
            .env("DB", database)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| format!("{name}: {python}: {e}"))?;
        for _ in 0..200 {
            std::thread::sleep(Duration::from_millis(100));
            if child.try_wait()?.is_some() {
                return Err(format!("{name}: `{python} -m {}` does not run", args[0]).into());
            }
            if TcpStream::connect(address).is_ok() {
                std::thread::sleep(Duration::from_secs(1));
                return Ok(Self {
                    name,
                    address,
                    child,
                });
            }
        }
        let _ = child.kill();
        Err(format!("{name} did not listen within 20 s").into())
    }
}

impl Peer {
    /// Its process; the workers are its children.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Peer {
    /// Asks first: a server that is killed leaves its workers behind.
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}
