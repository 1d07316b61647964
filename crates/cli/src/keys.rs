//! The signing key and the last signed checkpoint: both outside the database.

use crate::Outcome;
use crate::exit::{Failure, NOT_PERMITTED, REFUSED, io};
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use symbolon_store::journal::SigningKey;

/// The directory `keys` of an instance.
#[derive(Clone, Debug)]
pub struct Keys {
    dir: PathBuf,
}

impl Keys {
    /// The keys of an instance.
    pub fn of(data: &Path) -> Self {
        Self {
            dir: data.join("keys"),
        }
    }

    /// The file of the signing key.
    pub fn key_file(&self) -> PathBuf {
        self.dir.join("signing.key")
    }

    /// The file of the last signed note.
    pub fn note_file(&self) -> PathBuf {
        self.dir.join("last-checkpoint")
    }

    /// Reads the key; `None` where there is none. A key that others can read is refused.
    pub fn read(&self) -> Outcome<Option<SigningKey>> {
        let path = self.key_file();
        let mode = match std::fs::metadata(&path) {
            Ok(m) => m.mode(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(io(&path)(e)),
        };
        if mode & 0o077 != 0 {
            return Err(Failure::new(
                REFUSED,
                format!(
                    "{}: others can read the signing key (mode {:03o})",
                    path.display(),
                    mode & 0o777
                ),
            )
            .help(format!("chmod 600 {}", path.display())));
        }
        let text = std::fs::read_to_string(&path).map_err(io(&path))?;
        let bytes = hex::decode(text.trim()).ok();
        match bytes.and_then(|b| <[u8; 32]>::try_from(b).ok()) {
            Some(secret) => Ok(Some(SigningKey::from_bytes(&secret))),
            None => Err(Failure::new(
                NOT_PERMITTED,
                format!("{}: this is no signing key", path.display()),
            )
            .help("Put back the key from its own backup; it holds 64 hexadecimal digits.")),
        }
    }

    /// Makes a new key.
    pub fn make(&self) -> Outcome<SigningKey> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.dir)
            .map_err(io(&self.dir))?;
        let mut secret = [0; 32];
        crate::surroundings::random(&mut secret);
        let path = self.key_file();
        write_new(&path, &format!("{}\n", hex::encode(secret))).map_err(io(&path))?;
        sync_dir(&self.dir).map_err(io(&self.dir))?;
        Ok(SigningKey::from_bytes(&secret))
    }

    /// The last signed note, if one was ever kept.
    pub fn last_note(&self) -> Outcome<Option<String>> {
        let path = self.note_file();
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(io(&path)(e)),
        }
    }

    /// Keeps a signed note: whole or not at all.
    pub fn keep_note(&self, note: &str) -> Outcome<()> {
        let path = self.note_file();
        let mut suffix = [0; 4];
        crate::surroundings::random(&mut suffix);
        let new = self
            .dir
            .join(format!("last-checkpoint.{}", hex::encode(suffix)));
        write_new(&new, note)
            .and_then(|()| std::fs::rename(&new, &path))
            .and_then(|()| sync_dir(&self.dir))
            .map_err(io(&path))
    }
}

/// Writes a file that only its owner reads, and waits until it is on disk.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn sync_dir(dir: &Path) -> std::io::Result<()> {
    std::fs::File::open(dir)?.sync_all()
}

/// Refuses a data directory that anybody can write to.
pub fn check_directory(data: &Path) -> Outcome<()> {
    let mode = std::fs::metadata(data).map_err(io(data))?.mode();
    if mode & 0o002 != 0 {
        return Err(Failure::new(
            REFUSED,
            format!(
                "{}: everybody can write to the data directory",
                data.display()
            ),
        )
        .help(format!("chmod 700 {}", data.display())));
    }
    Ok(())
}

/// Makes a directory that only its owner enters.
pub fn make_directory(dir: &Path) -> Outcome<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(io(dir))
}

/// Whether this runs as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
