//! The signing key and the last signed checkpoint: both outside the database.

use crate::Outcome;
use crate::exit::{Failure, NOT_PERMITTED, REFUSED, io};
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use symbolon_store::journal::{Sealer, SigningKey, VerifyingKey};

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
        match parse(&text) {
            Some(key) => Ok(Some(key)),
            None => Err(Failure::new(
                NOT_PERMITTED,
                format!("{}: this is no signing key", path.display()),
            )
            .help("Put back the key from its own backup; it begins with 64 hexadecimal digits.")),
        }
    }

    /// Puts a key here from its backup; refuses where one is.
    pub fn put(&self, from: &Path) -> Outcome<()> {
        let text = std::fs::read_to_string(from).map_err(io(from))?;
        if parse(&text).is_none() {
            return Err(Failure::new(
                NOT_PERMITTED,
                format!("{}: this is no signing key", from.display()),
            ));
        }
        make_directory(&self.dir)?;
        let path = self.key_file();
        write_new(&path, &text).map_err(io(&path))?;
        sync_dir(&self.dir).map_err(io(&self.dir))
    }

    fn next_file(&self) -> PathBuf {
        self.dir.join("signing.key.next")
    }

    /// Makes the key that will follow `old`, of which only the seal is kept.
    pub fn make_next(&self, old: &SigningKey) -> Outcome<SigningKey> {
        let mut secret = [0; 32];
        crate::surroundings::random(&mut secret);
        let before = std::fs::read_to_string(self.key_file()).map_err(io(&self.key_file()))?;
        let retired: String = before.lines().skip(1).map(|l| format!("{l}\n")).collect();
        let text = format!(
            "{}\n{retired}retired {} {}\n",
            hex::encode(secret),
            old.verifying().hex(),
            hex::encode(old.sealer().to_bytes())
        );
        let path = self.next_file();
        let _ = std::fs::remove_file(&path);
        write_new(&path, &text)
            .and_then(|()| sync_dir(&self.dir))
            .map_err(io(&path))?;
        parse(&text).ok_or_else(|| Failure::new(NOT_PERMITTED, "no key was made"))
    }

    /// The next key takes the place of the one in use.
    pub fn use_next(&self) -> Outcome<()> {
        let path = self.key_file();
        std::fs::rename(self.next_file(), &path)
            .and_then(|()| sync_dir(&self.dir))
            .map_err(io(&path))
    }

    /// A key that was made and may or may not have been handed to, where the program was stopped.
    pub fn pending(&self) -> Option<SigningKey> {
        parse(&std::fs::read_to_string(self.next_file()).ok()?)
    }

    /// Forgets a key that was never handed to.
    pub fn forget_next(&self) {
        let _ = std::fs::remove_file(self.next_file());
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

/// A key file: the secret, then a line for each retired key: its public half and its seal.
fn parse(text: &str) -> Option<SigningKey> {
    let hash = |s: &str| <[u8; 32]>::try_from(hex::decode(s).ok()?).ok();
    let mut lines = text.lines();
    let key = SigningKey::from_bytes(&hash(lines.next()?.trim())?);
    let retired = |line: &str| {
        let mut words = line.split(' ');
        let (_, public, seal) = (words.next()?, words.next()?, words.next()?);
        let public = VerifyingKey::from_bytes(&hash(public)?)?;
        Some((public, Sealer::from_bytes(&hash(seal)?)))
    };
    let retired: Option<Vec<_>> = lines.filter(|l| !l.is_empty()).map(retired).collect();
    Some(key.with_retired(retired?))
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
