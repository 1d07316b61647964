//! The key under which people's secrets stand in the database, beside the signing key and like it never
//! in the database or its backups. Apart from the signing key, so that either can be changed alone.

use crate::Outcome;
use crate::exit::{Failure, NOT_PERMITTED, REFUSED, io};
use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

fn file(data: &Path) -> PathBuf {
    data.join("keys").join("secrets.key")
}

/// Reads the key; makes it where there is none and `make` says so.
pub fn read(data: &Path, make: bool) -> Outcome<Option<[u8; 32]>> {
    let path = file(data);
    match std::fs::metadata(&path) {
        Ok(m) if m.mode() & 0o077 != 0 => Err(Failure::new(
            REFUSED,
            format!("{}: others can read the key of secrets", path.display()),
        )
        .help(format!("chmod 600 {}", path.display()))),
        Ok(_) => known(&path).map(Some),
        Err(e) if e.kind() == ErrorKind::NotFound && make => create(&path).map(Some),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(io(&path)(e)),
    }
}

fn known(path: &Path) -> Outcome<[u8; 32]> {
    let text = std::fs::read_to_string(path).map_err(io(path))?;
    let bytes = hex::decode(text.trim()).ok();
    bytes.and_then(|b| b.try_into().ok()).ok_or_else(|| {
        Failure::new(NOT_PERMITTED, format!("{}: this is no key", path.display()))
            .help("Put back the key from its own backup; it holds 64 hexadecimal digits.")
    })
}

fn create(path: &Path) -> Outcome<[u8; 32]> {
    let dir = path.parent().unwrap_or(path);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(io(dir))?;
    let mut secret = [0; 32];
    crate::surroundings::random(&mut secret);
    let mut new = OpenOptions::new();
    new.write(true).create_new(true).mode(0o600);
    let mut file = new.open(path).map_err(io(path))?;
    writeln!(file, "{}", hex::encode(secret)).map_err(io(path))?;
    file.sync_all().map_err(io(path))?;
    std::fs::File::open(dir)
        .and_then(|d| d.sync_all())
        .map_err(io(dir))?;
    Ok(secret)
}
