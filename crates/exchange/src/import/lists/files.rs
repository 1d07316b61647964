//! The files of one version of a list, told apart by name and content, plain or Zstandard.

use super::{List, Part, ftm, ofac, table, un};
use crate::guard::{Code, GuardError, Refusal, Result};
use crate::limits::Limits;
use std::io::{Cursor, Read};

/// A file, unpacked, may have so many bytes: its entries are held in memory.
const MOST_BYTES: u64 = 1 << 30;

/// First bytes of a Zstandard frame.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// One file as it was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFile {
    /// Its name without folders; tells what it is.
    pub name: String,
    /// Its bytes, plain or Zstandard.
    pub bytes: Vec<u8>,
}

impl ListFile {
    /// Its bytes, unpacked where they are Zstandard.
    ///
    /// # Errors
    /// A frame that is broken, or more than 1 GB.
    pub fn unpacked(&self) -> Result<Vec<u8>> {
        unpacked(&self.bytes)
    }
}

/// Reads the files of one version: those of the Office of Foreign Assets Control together, others one by one.
///
/// # Errors
/// The name of the file and why it is refused.
pub fn read(
    files: &[ListFile],
    limits: &Limits,
) -> std::result::Result<List, (String, GuardError)> {
    let mut whole = List::default();
    let mut parts: Vec<(Part, String, Vec<u8>)> = vec![];
    for file in files {
        let refused = |e| (file.name.clone(), e);
        let name = file.name.strip_suffix(".zst").unwrap_or(&file.name);
        let bytes = unpacked(&file.bytes).map_err(refused)?;
        if let Some(part) = Part::of(name).or_else(|| headless(&bytes)) {
            parts.push((part, name.to_owned(), bytes));
            continue;
        }
        let list = match name.rsplit('.').next().unwrap_or_default() {
            "xml" => un(Cursor::new(bytes), name, limits),
            "json" | "jsonl" | "ndjson" => ftm(bytes.as_slice(), name, limits),
            "csv" | "tsv" | "txt" => table(bytes.as_slice(), name),
            _ => Err(unknown()),
        };
        whole.add(list.map_err(refused)?);
    }
    if !parts.is_empty() {
        let names: Vec<&str> = parts.iter().map(|(_, n, _)| n.as_str()).collect();
        let all = names.join(", ");
        let parts = parts.iter().map(|(part, name, bytes)| {
            let input: Box<dyn Read + '_> = Box::new(bytes.as_slice());
            (*part, name.as_str(), input)
        });
        whole.add(ofac(parts).map_err(|e| (all.clone(), e))?);
    }
    Ok(whole)
}

fn unknown() -> GuardError {
    let help = "lists are read from .csv, .tsv, .txt, .xml, .json and .jsonl, each also as .zst";
    Refusal::new(Code::UnknownFormat, "what this is cannot be told", help).into()
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![];
    if bytes.starts_with(&ZSTD) {
        let input = zstd::Decoder::new(bytes)?;
        input.take(MOST_BYTES + 1).read_to_end(&mut out)?;
    } else {
        out.extend_from_slice(bytes);
    }
    if out.len() as u64 > MOST_BYTES {
        let help = "split it, or leave out what is no entry";
        return Err(Refusal::new(Code::TooLarge, "larger than 1 GB unpacked", help).into());
    }
    Ok(out)
}

/// Primary names under another file name: no header, a number, a name, and `-0-` for nothing.
fn headless(bytes: &[u8]) -> Option<Part> {
    let line = bytes.split(|b| *b == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?.trim_end();
    let number = line.split(',').next()?;
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (numbered && line.contains("-0-") && line.matches(',').count() >= 11).then_some(Part::Names)
}

impl List {
    /// Adds what another file has. A number that stands in several is told apart by the file it came in.
    pub(super) fn add(&mut self, list: List) {
        let taken: std::collections::HashSet<String> =
            self.entries.iter().map(|e| e.id.clone()).collect();
        for mut entry in list.entries {
            while taken.contains(&entry.id) {
                entry.id.push('*');
            }
            self.entries.push(entry);
        }
        self.doubts.extend(list.doubts);
        if self.made < list.made {
            self.made = list.made;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> ListFile {
        ListFile {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        }
    }

    const ROW: &str =
        "7,\"TESTBANK\",-0- ,\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\u{1a}";

    #[test]
    fn packed_and_renamed_files_are_known_by_what_is_in_them() {
        let packed = zstd::encode_all(ROW.as_bytes(), 3).unwrap();
        for given in [
            file("sdn.csv.zst", &packed),
            file("other.csv", ROW.as_bytes()),
        ] {
            let list = read(&[given], Limits::shipped()).unwrap();
            assert_eq!(list.entries[0].names[0].1, "TESTBANK");
            assert_eq!(list.doubts[0].code, "list.end-mark");
        }
    }

    #[test]
    fn the_same_number_in_two_files_stays_two_entries() {
        let one = file("a.csv", b"id,name\n1,TESTBANK\n");
        let two = file("b.csv", b"id,name\n1,OTHERTEST\n");
        let list = read(&[one, two], Limits::shipped()).unwrap();
        let ids: Vec<_> = list.entries.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids, ["1", "1*"]);
    }

    #[test]
    fn a_file_that_is_no_list_is_refused_by_name() {
        let refused = read(&[file("a.pdf", b"%PDF")], Limits::shipped());
        assert_eq!(refused.unwrap_err().0, "a.pdf");
    }
}
