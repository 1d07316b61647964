//! Containers that are sound, and a corpus of those that are not, made here byte by byte.

use super::*;
use crate::guard::GuardError;
use std::io::{Cursor, Write};

/// A part to be packed, with what its headers shall claim.
#[derive(Clone)]
struct Made {
    name: Vec<u8>,
    bytes: Vec<u8>,
    claims: Option<u32>,
    flags: u16,
    method: u16,
    mode: u32,
    /// Share the bytes of the first part.
    shared: bool,
}

fn made(name: &str, bytes: &[u8]) -> Made {
    Made {
        name: name.into(),
        bytes: bytes.into(),
        claims: None,
        flags: 0,
        method: 8,
        mode: 0o100_644,
        shared: false,
    }
}

fn packed(made: &Made) -> Vec<u8> {
    if made.method == 0 {
        return made.bytes.clone();
    }
    let mut out = flate2::write::DeflateEncoder::new(vec![], flate2::Compression::best());
    out.write_all(&made.bytes).unwrap();
    out.finish().unwrap()
}

fn zip(parts: &[Made]) -> Vec<u8> {
    let (mut out, mut central, mut first) = (vec![], vec![], 0_u32);
    for (i, part) in parts.iter().enumerate() {
        let data = packed(part);
        let sizes = [
            data.len() as u32,
            part.claims.unwrap_or(part.bytes.len() as u32),
        ];
        let offset = if part.shared { first } else { out.len() as u32 };
        if i == 0 {
            first = offset;
        }
        let common = |version: &[u8]| {
            let mut h = version.to_vec();
            h.extend(
                [part.flags, part.method, 0, 0]
                    .iter()
                    .flat_map(|n| n.to_le_bytes()),
            );
            h.extend(0_u32.to_le_bytes());
            h.extend(sizes.iter().flat_map(|n| n.to_le_bytes()));
            h.extend((part.name.len() as u16).to_le_bytes());
            h.extend(0_u16.to_le_bytes());
            h
        };
        if !part.shared {
            out.extend(b"PK\x03\x04");
            out.extend(common(&[20, 0]));
            out.extend(&part.name);
            out.extend(&data);
        }
        central.extend(b"PK\x01\x02");
        central.extend(common(&[20, 3, 20, 0]));
        central.extend([0; 6]);
        central.extend((part.mode << 16).to_le_bytes());
        central.extend(offset.to_le_bytes());
        central.extend(&part.name);
    }
    let (at, count) = (out.len() as u32, parts.len() as u16);
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((central.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn open(bytes: &[u8]) -> std::result::Result<Zip<Cursor<&[u8]>>, Code> {
    Zip::open(Cursor::new(bytes), Limits::shipped()).map_err(|e| match e {
        GuardError::Refused(r) => r.code,
        GuardError::Read(e) => panic!("{e}"),
    })
}

fn code(parts: &[Made]) -> Option<Code> {
    open(&zip(parts)).err()
}

fn text<R: Read + Seek>(zip: &mut Zip<R>, name: &str) -> std::io::Result<Vec<u8>> {
    let mut out = vec![];
    zip.part(name).unwrap().unwrap().read_to_end(&mut out)?;
    Ok(out)
}

#[test]
fn a_sound_container_gives_its_parts() {
    let stored = Made {
        method: 0,
        ..made("b", b"plain")
    };
    let bytes = zip(&[made("xl/A.xml", b"<a/>"), stored]);
    let mut zip = open(&bytes).unwrap();
    assert_eq!(zip.names().collect::<Vec<_>>(), ["xl/A.xml", "b"]);
    assert_eq!(text(&mut zip, "/xl/a.XML").unwrap(), b"<a/>");
    assert_eq!(text(&mut zip, "b").unwrap(), b"plain");
    assert!(zip.part("c").unwrap().is_none());
}

#[test]
fn a_directory_that_lies_or_leads_elsewhere_is_refused() {
    for name in [
        "../x",
        "/etc/x",
        "a/../../x",
        "a\\b",
        "c:x",
        "a\0b",
        "",
        "a\u{7}b",
    ] {
        assert_eq!(code(&[made(name, b"x")]), Some(Code::PartName), "{name:?}");
    }
    let bad_name = Made {
        name: vec![0xff],
        ..made("", b"x")
    };
    assert_eq!(code(&[bad_name]), Some(Code::PartName));
    assert_eq!(
        code(&[made("a", b"x"), made("A", b"y")]),
        Some(Code::DuplicatePart)
    );
    let link = Made {
        mode: 0o120_777,
        ..made("a", b"/etc/passwd")
    };
    assert_eq!(code(&[link]), Some(Code::Symlink));
    let locked = Made {
        flags: 1,
        ..made("a", b"x")
    };
    assert_eq!(code(&[locked]), Some(Code::Encrypted));
    let shared = Made {
        shared: true,
        ..made("b", b"x")
    };
    assert_eq!(
        code(&[made("a", b"x"), shared]),
        Some(Code::OverlappingParts)
    );
    let odd = Made {
        method: 12,
        ..made("a", b"x")
    };
    assert_eq!(code(&[odd]), Some(Code::BadZip));
    let old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
    assert_eq!(open(&old).err(), Some(Code::Encrypted));
}

#[test]
fn parts_are_counted_at_the_limit_and_beyond() {
    let many = |n: usize| {
        (0..n)
            .map(|i| made(&format!("p{i}"), b""))
            .collect::<Vec<_>>()
    };
    assert_eq!(code(&many(1_000)), None);
    assert_eq!(code(&many(1_001)), Some(Code::TooManyParts));
}

#[test]
fn a_bomb_is_seen_in_the_directory_or_while_it_unpacks() {
    let zeros = vec![0; 8 << 20];
    assert_eq!(code(&[made("bomb", &zeros)]), Some(Code::Bomb));
    let liar = Made {
        claims: Some(1_000),
        ..made("bomb", &zeros)
    };
    let bytes = zip(&[liar]);
    let mut zip = open(&bytes).unwrap();
    let mut out = vec![];
    let mut part = zip.part("bomb").unwrap().unwrap();
    assert!(part.read_to_end(&mut out).is_err());
    assert_eq!(part.refusal().unwrap().code, Code::Bomb);
    assert!(out.len() < 1 << 20);
    let short = Made {
        claims: Some(2_000),
        ..made("short", b"x")
    };
    let bytes = self::zip(&[short]);
    assert!(text(&mut open(&bytes).unwrap(), "short").is_err());
}

#[test]
fn the_sum_of_all_parts_is_bound() {
    let small = Limits {
        xlsx_unpacked: 100,
        ..Limits::shipped().clone()
    };
    let sized = |n: usize| {
        zip(&[
            made("a", &[b'x'; 50]),
            Made {
                method: 0,
                ..made("b", &vec![b'y'; n])
            },
        ])
    };
    assert!(Zip::open(Cursor::new(sized(50)), &small).is_ok());
    assert!(Zip::open(Cursor::new(sized(51)), &small).is_err());
    let packed = Limits {
        xlsx_packed: sized(50).len() as u64,
        ..Limits::shipped().clone()
    };
    assert!(Zip::open(Cursor::new(sized(50)), &packed).is_ok());
    assert!(Zip::open(Cursor::new(sized(51)), &packed).is_err());
}

#[test]
fn no_cut_and_no_changed_byte_makes_it_panic() {
    let whole = zip(&[made("a", b"some text, some text"), made("b", b"more")]);
    for n in 0..whole.len() {
        assert!(open(&whole[..n]).is_err(), "cut at {n}");
        for bit in [1, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[n] ^= bit;
            if let Ok(mut zip) = open(&changed) {
                for name in ["a", "b"] {
                    if let Ok(Some(mut part)) = zip.part(name) {
                        let _ = part.read_to_end(&mut vec![]);
                    }
                }
            }
        }
    }
}
