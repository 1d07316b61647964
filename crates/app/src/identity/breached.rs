//! The list of breached passwords, a file the operator brings: plain lines, or upper-case SHA-1 hashes in
//! order. The second form is searched by halving, so that the whole public corpus can be used from disk.

use crate::{AppError, Result};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// A list at a path.
pub struct Breached<'a>(&'a Path);

impl<'a> Breached<'a> {
    /// The list in this file.
    #[must_use]
    pub fn at(path: &'a Path) -> Self {
        Self(path)
    }

    /// Whether the list holds a password.
    ///
    /// # Errors
    /// Where the file cannot be read: then no password is taken, rather than an unchecked one.
    pub fn holds(&self, password: &str) -> Result<bool> {
        let sha1 = hex::encode_upper(digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()));
        let found = File::open(self.0).and_then(|file| {
            let mut file = BufReader::new(file);
            if hashed(&mut file)? {
                halved(file, &sha1)
            } else {
                listed(file, password)
            }
        });
        found.map_err(|e| AppError::Internal(format!("the list of breached passwords: {e}")))
    }
}

fn hashed(file: &mut BufReader<File>) -> std::io::Result<bool> {
    let mut head = vec![];
    file.by_ref().take(40).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head.len() == 40
        && head
            .iter()
            .all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b)))
}

fn listed(mut file: BufReader<File>, password: &str) -> std::io::Result<bool> {
    let mut line = vec![];
    while file.read_until(b'\n', &mut line)? > 0 {
        if line.trim_ascii_end() == password.as_bytes() {
            return Ok(true);
        }
        line.clear();
    }
    Ok(false)
}

/// Finds the line that begins with a hash: `from` is always the start of a line, lines before it are less.
fn halved(mut file: BufReader<File>, sha1: &str) -> std::io::Result<bool> {
    let (mut from, mut to) = (0, file.get_ref().metadata()?.len());
    let mut line = vec![];
    while to - from > 4096 {
        let middle = from + (to - from) / 2;
        file.seek(SeekFrom::Start(middle))?;
        line.clear();
        let skipped = file.read_until(b'\n', &mut line)? as u64;
        line.clear();
        let length = file.read_until(b'\n', &mut line)? as u64;
        if length == 0 || line.get(..40).is_some_and(|l| l > sha1.as_bytes()) {
            to = middle;
        } else {
            from = middle + skipped;
        }
    }
    file.seek(SeekFrom::Start(from))?;
    // The last line that begins before `to` may end after it.
    let mut rest = vec![];
    file.take(to - from + 128).read_to_end(&mut rest)?;
    Ok(rest
        .split(|b| *b == b'\n')
        .any(|l| l.get(..40) == Some(sha1.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn sha1(password: &str) -> String {
        hex::encode_upper(digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()))
    }

    #[test]
    fn r_37_a_breached_password_is_found_in_either_form_of_list() {
        let words: Vec<String> = (0..3000)
            .map(|i| format!("invented password {i}"))
            .collect();
        let mut hashes: Vec<String> = words.iter().map(|w| format!("{}:{}", sha1(w), 7)).collect();
        hashes.sort();
        for text in [words.join("\n"), hashes.join("\r\n")] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            let list = Breached::at(file.path());
            for word in words.iter().step_by(7) {
                assert!(list.holds(word).unwrap(), "{word}");
            }
            for other in ["invented password 3000", "", "invented"] {
                assert!(!list.holds(other).unwrap(), "{other}");
            }
        }
        assert!(Breached::at(Path::new("no/such/file")).holds("x").is_err());
    }
}
