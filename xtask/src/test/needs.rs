//! What the tests need besides Rust: installed on Debian by its administrator, named elsewhere.

use crate::shell;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian keeps PostgreSQL's server programs, outside the search path.
const SERVERS: &str = "/usr/lib/postgresql";

/// The newest PostgreSQL server's folder of programs.
pub(super) fn postgres_programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir(SERVERS)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .collect();
    found.sort_unstable();
    let newest = found.pop().map(|(_, bin)| bin);
    newest.or_else(|| shell::which("initdb").and_then(|p| p.parent().map(Path::to_owned)))
}

/// The browser.
pub(super) fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(shell::which)
}

/// Debian packages that are missing.
fn missing(postgres: bool, browser: bool) -> Vec<&'static str> {
    let mut packages = vec![];
    if postgres && postgres_programs().is_none() {
        packages.push("postgresql");
    }
    if browser {
        if chromium().is_none() {
            packages.extend(["chromium", "fonts-dejavu-core"]);
        }
        if shell::which("node").is_none() {
            packages.push("nodejs");
        }
        if shell::which("npm").is_none() {
            packages.push("npm");
        }
    }
    packages
}

/// Installs what is missing, or says what to install.
pub(super) fn install(postgres: bool, browser: bool) -> Result<(), String> {
    let packages = missing(postgres, browser);
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    if !Path::new("/etc/debian_version").exists() || !shell::is_root() {
        return Err(format!(
            "The tests need programs that are not on this machine. On Debian, as root:\n\
             \n    apt-get update && apt-get install --no-install-recommends {list}\n\
             \nElsewhere install a PostgreSQL server, Chromium, Node.js 18 or newer and npm.\n\
             Or leave parts out: --no-postgres, --no-browser."
        ));
    }
    println!("Installing from Debian: {list}");
    shell::run(Command::new("apt-get").args(["update", "--quiet=2"]))?;
    shell::run(
        Command::new("apt-get")
            .args([
                "install",
                "--yes",
                "--quiet=2",
                "--no-install-recommends",
                "--option=Dpkg::Use-Pty=0",
            ])
            .args(&packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}
