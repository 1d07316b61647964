//! What the guard of XML lets through and what it refuses.

use super::*;

fn read(text: &[u8], bounds: Bounds) -> Result<Vec<String>> {
    let mut xml = Xml::new(text, bounds);
    let mut out = vec![];
    while let Some(node) = xml.next_node()? {
        out.push(match node {
            Node::Open(tag) => format!("<{}>", tag.name()),
            Node::Close => "</>".to_owned(),
            Node::Text(text) => text.into_owned(),
        });
    }
    Ok(out)
}

fn bounds() -> Bounds {
    Bounds::of(Limits::shipped())
}

fn code(text: &[u8], bounds: Bounds) -> Option<Code> {
    match read(text, bounds) {
        Ok(_) => None,
        Err(GuardError::Refused(r)) => Some(r.code),
        Err(e) => panic!("{e}"),
    }
}

#[test]
fn elements_text_and_the_five_entities_come_through() {
    let text = b"<?xml version='1.0'?><!-- c --><a:r xmlns:a='x'><b k='1 &amp; 2'>x &lt;&#65; y</b><c/></a:r>\n";
    let got = read(text, bounds()).unwrap();
    assert_eq!(
        got.concat(),
        "<r><b>x <A y</></></>"
            .replace("<A y</>", "<A y</><c></>")
            .replacen("</></></>", "</></>", 1)
    );
    let mut xml = Xml::new(&text[..], bounds());
    while let Some(node) = xml.next_node().unwrap() {
        if let Node::Open(tag) = node
            && tag.name() == "b"
        {
            assert_eq!(tag.attribute("k").unwrap(), "1 & 2");
            assert_eq!(tag.attribute("none"), None);
        }
    }
}

#[test]
fn what_reaches_outside_or_multiplies_is_refused() {
    let b = bounds();
    let outside = b"<!DOCTYPE r [<!ENTITY x SYSTEM 'http://127.0.0.1:9/'>]><r>&x;</r>";
    assert_eq!(code(outside, b), Some(Code::Doctype));
    let laughs = b"<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><l>&b;</l>";
    assert_eq!(code(laughs, b), Some(Code::Doctype));
    assert_eq!(code(b"<r>&nbsp;</r>", b), Some(Code::Entity));
    assert_eq!(code(b"<r k='&x;'/>", b), Some(Code::Entity));
    assert_eq!(code(b"<r>&#0;</r>", b), Some(Code::Entity));
    assert_eq!(code(b"<r>\0</r>", b), Some(Code::Nul));
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_line() {
    let b = bounds();
    for text in [
        "",
        "<r>",
        "<r></s>",
        "<r/><s/>",
        "text",
        "<r/>text",
        "<r",
        "<r a=>x</r>",
        "</r>",
    ] {
        assert_eq!(code(text.as_bytes(), b), Some(Code::BadXml), "{text}");
    }
    assert_eq!(code(b"<r>\xff</r>", b), Some(Code::NotUtf8));
    let Err(GuardError::Refused(r)) = read(b"<r>\n\n</s>", b) else {
        panic!()
    };
    assert_eq!(r.line, 3);
}

#[test]
fn each_limit_holds_at_its_last_value_and_not_beyond() {
    let small = Bounds {
        depth: 3,
        attributes: 2,
        tag: 40,
        text: 50,
        elements: 5,
    };
    let nested = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n)).into_bytes();
    assert_eq!(code(&nested(3), small), None);
    assert_eq!(code(&nested(4), small), Some(Code::TooDeep));
    let many = |n: usize| format!("<r>{}</r>", "<a/>".repeat(n)).into_bytes();
    assert_eq!(code(&many(4), small), None);
    assert_eq!(code(&many(5), small), Some(Code::TooManyElements));
    assert_eq!(code(b"<r a='1' b='2'/>", small), None);
    assert_eq!(
        code(b"<r a='1' b='2' c='3'/>", small),
        Some(Code::TooManyAttributes)
    );
    let tag = |n: usize| format!("<r a='{}'></r>", "x".repeat(n - 6)).into_bytes();
    assert_eq!(code(&tag(40), small), None);
    assert_eq!(code(&tag(41), small), Some(Code::TagTooLong));
    let text = |n: usize| format!("<r>{}</r>", "x".repeat(n)).into_bytes();
    assert_eq!(code(&text(50), small), None);
    assert!(matches!(
        code(&text(51), small),
        Some(Code::TooLong | Code::TagTooLong)
    ));
}

#[test]
fn a_tag_without_end_takes_no_memory_and_no_time() {
    let endless = std::io::BufReader::new(std::io::Read::chain(&b"<r "[..], std::io::repeat(b'a')));
    let mut xml = Xml::new(endless, bounds());
    let Err(GuardError::Refused(r)) = xml.next_node() else {
        panic!("an endless tag was read")
    };
    assert_eq!(r.code, Code::TagTooLong);
    assert!(xml.buffer.capacity() < 4 * 65_536);
    let begun = std::time::Instant::now();
    let attributes: String = (0..800_000).map(|i| format!(" a{i}='1'")).collect();
    assert_eq!(
        code(format!("<r{attributes}/>").as_bytes(), bounds()),
        Some(Code::TagTooLong)
    );
    assert!(begun.elapsed().as_secs() < 5);
}
