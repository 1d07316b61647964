//! The central directory of a ZIP file, read and judged as a whole.

use crate::guard::{Code, GuardError, Refusal, Result};
use crate::limits::Limits;
use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

const END: [u8; 4] = *b"PK\x05\x06";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// First bytes of an encrypted workbook or one of the old binary format.
const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const END_LENGTH: usize = 22;
const CENTRAL_LENGTH: usize = 46;
const LOCAL_LENGTH: u64 = 30;
const LONGEST_NAME: usize = 512;

/// A part as the directory describes it.
#[derive(Debug)]
pub(super) struct Entry {
    pub name: String,
    pub deflated: bool,
    pub packed: u64,
    pub unpacked: u64,
    pub offset: u64,
    /// Where the next part begins, or the directory.
    pub until: u64,
}

fn damaged(what: &str) -> GuardError {
    let problem = format!("the workbook's container is damaged: {what}");
    Refusal::new(
        Code::BadZip,
        problem,
        "open it in a spreadsheet program and save it again",
    )
    .into()
}

fn refuse(code: Code, problem: impl Into<String>, help: &str) -> GuardError {
    Refusal::new(code, problem, help).into()
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let pair = bytes.get(at..at + 2).and_then(|b| b.try_into().ok());
    pair.map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u64 {
    let four = bytes.get(at..at + 4).and_then(|b| b.try_into().ok());
    four.map_or(0, u32::from_le_bytes).into()
}

/// Reads the directory and refuses what does not hold together.
pub(super) fn read<R: Read + Seek>(input: &mut R, limits: &Limits) -> Result<Vec<Entry>> {
    let length = input.seek(SeekFrom::End(0))?;
    if length > limits.xlsx_packed {
        let problem = format!("the workbook is larger than {} bytes", limits.xlsx_packed);
        return Err(refuse(
            Code::TooLarge,
            problem,
            "save the data as CSV, or split it",
        ));
    }
    input.seek(SeekFrom::Start(0))?;
    let mut first = [0; 8];
    let n = fill(input, &mut first)?;
    if first == COMPOUND {
        let help = "save it as .xlsx without a password";
        return Err(refuse(
            Code::Encrypted,
            "the workbook is protected or of the old format",
            help,
        ));
    }
    if n < 4 || first[..4] != LOCAL {
        return Err(damaged("it does not begin as one"));
    }
    let end = find_end(input, length)?;
    let directory = central(input, &end, limits)?;
    let mut entries = entries(&directory, &end, limits)?;
    apart(&mut entries, end.offset)?;
    Ok(entries)
}

fn fill<R: Read>(input: &mut R, out: &mut [u8]) -> Result<usize> {
    let mut n = 0;
    while n < out.len() {
        match input.read(&mut out[n..])? {
            0 => break,
            more => n += more,
        }
    }
    Ok(n)
}

struct End {
    count: usize,
    size: u64,
    offset: u64,
}

/// The end record: the last place that looks like one and reaches exactly to the end of the file.
fn find_end<R: Read + Seek>(input: &mut R, length: u64) -> Result<End> {
    let tail = length.min(END_LENGTH as u64 + 65_535);
    input.seek(SeekFrom::Start(length - tail))?;
    let mut bytes = vec![0; usize::try_from(tail).unwrap_or(0)];
    fill(input, &mut bytes)?;
    let last = bytes
        .len()
        .checked_sub(END_LENGTH)
        .ok_or_else(|| damaged("it is too short"))?;
    let fits = |at: &usize| {
        bytes[*at..].starts_with(&END)
            && at + END_LENGTH + usize::from(u16_at(&bytes, at + 20)) == bytes.len()
    };
    let at = (0..=last)
        .rev()
        .find(fits)
        .ok_or_else(|| damaged("its end is missing"))?;
    let record = &bytes[at..];
    let (disk, first, here, count) = (
        u16_at(record, 4),
        u16_at(record, 6),
        u16_at(record, 8),
        u16_at(record, 10),
    );
    if disk != 0 || first != 0 || here != count {
        return Err(damaged("it is one of several volumes"));
    }
    let end = End {
        count: count.into(),
        size: u32_at(record, 12),
        offset: u32_at(record, 16),
    };
    let position = length - tail + at as u64;
    if count == u16::MAX || end.size == u64::from(u32::MAX) || end.offset == u64::from(u32::MAX) {
        return Err(damaged("it is of the form for very large files"));
    }
    if end.offset + end.size != position {
        return Err(damaged("its directory is not where it says"));
    }
    Ok(end)
}

fn central<R: Read + Seek>(input: &mut R, end: &End, limits: &Limits) -> Result<Vec<u8>> {
    if end.count as u64 > limits.xlsx_entries {
        let problem = format!("the workbook has more than {} parts", limits.xlsx_entries);
        return Err(refuse(Code::TooManyParts, problem, "save the data as CSV"));
    }
    // Names, extra fields and comments of real workbooks are far shorter than this together.
    if end.size > limits.xlsx_entries * (CENTRAL_LENGTH + 2 * LONGEST_NAME) as u64 {
        return Err(damaged("its directory is too long"));
    }
    input.seek(SeekFrom::Start(end.offset))?;
    let mut bytes = vec![0; usize::try_from(end.size).unwrap_or(0)];
    if fill(input, &mut bytes)? < bytes.len() {
        return Err(damaged("its directory is cut off"));
    }
    Ok(bytes)
}

fn entries(directory: &[u8], end: &End, limits: &Limits) -> Result<Vec<Entry>> {
    let (mut all, mut names, mut at) = (vec![], BTreeSet::new(), 0);
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    for _ in 0..end.count {
        let (entry, length) = entry(directory.get(at..).unwrap_or_default())?;
        at += length;
        if !names.insert(entry.name.to_ascii_lowercase()) {
            let problem = format!(
                "two parts are named `{}`",
                crate::guard::quoted(&entry.name)
            );
            return Err(refuse(
                Code::DuplicatePart,
                problem,
                "save the workbook again",
            ));
        }
        packed += entry.packed;
        unpacked += entry.unpacked;
        // A small part may pack well; only what grows large by it is dangerous.
        let grows = entry.unpacked > 1 << 20 && entry.unpacked / limits.xlsx_ratio > entry.packed;
        if unpacked > limits.xlsx_unpacked || grows {
            return Err(super::unpacks_too_far().within(entry.name).into());
        }
        all.push(entry);
    }
    if at != directory.len() {
        return Err(damaged("its directory holds more than it says"));
    }
    if unpacked > 1 << 20 && unpacked / limits.xlsx_ratio > packed {
        return Err(super::unpacks_too_far().into());
    }
    Ok(all)
}

fn entry(bytes: &[u8]) -> Result<(Entry, usize)> {
    if bytes.len() < CENTRAL_LENGTH || bytes[..4] != CENTRAL {
        return Err(damaged("its directory is cut off"));
    }
    let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(u16_at(bytes, at)));
    let length = CENTRAL_LENGTH + name + extra + comment;
    let raw = bytes.get(CENTRAL_LENGTH..CENTRAL_LENGTH + name);
    let (Some(raw), true) = (raw, bytes.len() >= length) else {
        return Err(damaged("its directory is cut off"));
    };
    let name = checked_name(raw)?;
    let (flags, method) = (u16_at(bytes, 8), u16_at(bytes, 10));
    if flags & 1 != 0 || flags & (1 << 6) != 0 || method == 99 {
        let help = "save it without a password";
        return Err(refuse(
            Code::Encrypted,
            format!("the part `{name}` is encrypted"),
            help,
        ));
    }
    // The upper half of the attributes is the Unix mode; 0o120000 is a symbolic link.
    let mode = (u32_at(bytes, 38) >> 16) & 0o170_000;
    if mode == 0o120_000 {
        return Err(refuse(
            Code::Symlink,
            format!("the part `{name}` is a link"),
            "save it again",
        ));
    }
    let deflated = match method {
        0 => false,
        8 => true,
        other => {
            return Err(damaged(&format!(
                "the part `{name}` is packed by method {other}"
            )));
        }
    };
    let entry = Entry {
        name,
        deflated,
        packed: u32_at(bytes, 20),
        unpacked: u32_at(bytes, 24),
        offset: u32_at(bytes, 42),
        until: 0,
    };
    if !deflated && entry.packed != entry.unpacked {
        return Err(damaged("a stored part has two sizes"));
    }
    Ok((entry, length))
}

fn checked_name(raw: &[u8]) -> Result<String> {
    let name = std::str::from_utf8(raw)
        .ok()
        .filter(|n| n.len() <= LONGEST_NAME);
    let fine = |n: &&str| {
        !n.is_empty()
            && !n.starts_with('/')
            && !n.contains(['\\', '\0', ':'])
            && !n.chars().any(char::is_control)
            && !n.split('/').any(|part| part == ".." || part == ".")
    };
    match name.filter(fine) {
        Some(name) => Ok(name.to_owned()),
        None => {
            let shown = crate::guard::quoted(&String::from_utf8_lossy(raw));
            let problem = format!("a part is named `{shown}`");
            Err(refuse(Code::PartName, problem, "save the workbook again"))
        }
    }
}

/// Parts must not share bytes: each ends before the next begins, the last before the directory.
fn apart(entries: &mut [Entry], directory: u64) -> Result<()> {
    let mut begins: Vec<u64> = entries.iter().map(|e| e.offset).collect();
    begins.sort_unstable();
    let shared = || {
        let problem = "two parts of the workbook share bytes";
        refuse(Code::OverlappingParts, problem, "save the workbook again")
    };
    if begins.windows(2).any(|w| w[0] == w[1]) {
        return Err(shared());
    }
    begins.push(directory);
    for entry in entries {
        let next = begins.partition_point(|b| *b <= entry.offset);
        entry.until = begins.get(next).copied().ok_or_else(shared)?;
        if entry.offset + LOCAL_LENGTH + entry.name.len() as u64 + entry.packed > entry.until {
            return Err(shared());
        }
    }
    Ok(())
}

/// Where the bytes of a part begin, by its local header, which must agree with the directory.
pub(super) fn data<R: Read + Seek>(input: &mut R, entry: &Entry) -> Result<u64> {
    input.seek(SeekFrom::Start(entry.offset))?;
    let mut header = [0; LOCAL_LENGTH as usize];
    let n = fill(input, &mut header)?;
    if n < header.len() || header[..4] != LOCAL {
        return Err(damaged("a part is not where the directory says"));
    }
    let name_length = u16_at(&header, 26);
    let mut name = vec![0; name_length.into()];
    fill(input, &mut name)?;
    if name != entry.name.as_bytes() || u16_at(&header, 6) & 1 != 0 {
        return Err(damaged("a part is not what the directory says"));
    }
    let begin =
        entry.offset + LOCAL_LENGTH + u64::from(name_length) + u64::from(u16_at(&header, 28));
    if begin + entry.packed > entry.until {
        return Err(damaged("a part is longer than its place"));
    }
    Ok(begin)
}
