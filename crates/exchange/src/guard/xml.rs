//! XML behind a guard: no document type, five entities, bounded tags, depth and elements.
//!
//! A tag's bytes are bounded while they are read, before its attributes are walked. Nothing outside the
//! bytes is ever fetched.

use super::{Code, GuardError, Refusal, Result};
use crate::limits::Limits;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event, attributes::Attributes},
};
use std::borrow::Cow;
use std::io::{BufRead, Read};

/// How far one reading of XML may go.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Levels.
    pub depth: u64,
    /// Attributes of a tag.
    pub attributes: u64,
    /// Bytes of a tag.
    pub tag: u64,
    /// Bytes of one stretch of text.
    pub text: u64,
    /// Elements.
    pub elements: u64,
}

impl Bounds {
    /// Bounds of an uploaded XML document.
    #[must_use]
    pub fn of(limits: &Limits) -> Self {
        Self {
            depth: limits.xml_depth,
            attributes: limits.xml_attributes,
            tag: limits.xml_tag,
            text: limits.xml_tag,
            elements: limits.xml_elements,
        }
    }
}

/// A piece of a document.
#[derive(Debug)]
pub enum Node<'a> {
    /// A tag that opens an element; an empty element opens and closes.
    Open(Tag<'a>),
    /// The end of an element.
    Close,
    /// Text within an element; one text may come in several pieces.
    Text(Cow<'a, str>),
}

/// A tag that opens an element.
#[derive(Debug)]
pub struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// Its name without prefix.
    #[must_use]
    pub fn name(&self) -> &str {
        local(self.0.name().0)
    }

    /// The value of an attribute, by name without prefix, with entities resolved.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        let found = walk(&self.0)
            .filter_map(std::result::Result::ok)
            .find(|a| local(a.key.0) == name)?;
        found
            .normalized_value(XmlVersion::Implicit1_0)
            .ok()
            .map(Cow::into_owned)
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The attributes without quick-xml's own check for duplicates, which takes quadratic time.
fn walk<'a>(tag: &'a BytesStart<'_>) -> Attributes<'a> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    attributes
}

/// Counts what one event reads and ends it where that is too much; counts lines.
struct Counted<R> {
    input: R,
    left: u64,
    line: u64,
    over: bool,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let part = self.fill_buf()?;
        let n = part.len().min(out.len());
        out[..n].copy_from_slice(&part[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        let part = self.input.fill_buf()?;
        if self.left == 0 && !part.is_empty() {
            self.over = true;
            return Err(std::io::Error::other("one piece is too long"));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        Ok(&part[..part.len().min(most)])
    }

    fn consume(&mut self, n: usize) {
        if let Ok(part) = self.input.fill_buf() {
            self.line += memchr::memchr_iter(b'\n', &part[..n.min(part.len())]).count() as u64;
        }
        self.left = self.left.saturating_sub(n as u64);
        self.input.consume(n);
    }
}

/// A guarded document.
pub struct Xml<R: BufRead> {
    reader: Reader<Counted<R>>,
    bounds: Bounds,
    buffer: Vec<u8>,
    depth: u64,
    elements: u64,
    begun: bool,
}

impl<R: BufRead> Xml<R> {
    /// A document within bounds.
    pub fn new(input: R, bounds: Bounds) -> Self {
        let counted = Counted {
            input,
            left: 0,
            line: 1,
            over: false,
        };
        let mut reader = Reader::from_reader(counted);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            bounds,
            buffer: Vec::new(),
            depth: 0,
            elements: 0,
            begun: false,
        }
    }

    /// The line being read.
    pub fn line(&mut self) -> u64 {
        self.reader.get_mut().line
    }

    /// The next piece; `None` after the end of the document.
    ///
    /// # Errors
    /// A refusal with its line; what the system said where the bytes cannot be read.
    pub fn next_node(&mut self) -> Result<Option<Node<'_>>> {
        loop {
            self.buffer.clear();
            // One byte more than allowed is read, so that what is too long is seen to be.
            self.reader.get_mut().left = self.bounds.tag.max(self.bounds.text) + 1;
            let step = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => judge(
                    event,
                    &self.bounds,
                    &mut self.depth,
                    &mut self.elements,
                    &mut self.begun,
                ),
                Err(e) => Err(self.broken(e)),
            };
            // The loop's borrow ends here for all that is passed over; see `Step`.
            match step {
                Ok(Step::Pass) => {}
                Ok(Step::End) => return Ok(None),
                Ok(Step::Close) => return Ok(Some(Node::Close)),
                Ok(Step::Text(text)) => return Ok(Some(Node::Text(text.into()))),
                Ok(Step::Open(tag)) => return Ok(Some(Node::Open(Tag(tag)))),
                Err(GuardError::Refused(r)) => {
                    let line = self.line();
                    return Err(r.at(line, 0).into());
                }
                Err(e) => return Err(e),
            }
        }
    }

    fn broken(&mut self, error: quick_xml::Error) -> GuardError {
        let most = self.bounds.tag.max(self.bounds.text);
        if self.reader.get_mut().over {
            return too_long(Code::TagTooLong, most).into();
        }
        match error {
            quick_xml::Error::Io(e) => {
                GuardError::Read(std::io::Error::new(e.kind(), e.to_string()))
            }
            quick_xml::Error::Encoding(_) => Refusal::new(
                Code::NotUtf8,
                "bytes that are not UTF-8",
                "save the file as UTF-8",
            )
            .into(),
            e => malformed(&e.to_string()).into(),
        }
    }
}

enum Step {
    Pass,
    End,
    Open(BytesStart<'static>),
    Close,
    Text(String),
}

fn malformed(what: &str) -> Refusal {
    Refusal::new(
        Code::BadXml,
        format!("not well-formed: {what}"),
        "export the file again",
    )
}

fn too_long(code: Code, most: u64) -> Refusal {
    let problem = format!("one tag or text is longer than {most} bytes");
    Refusal::new(code, problem, "split it, or export the file again")
}

fn judge(
    event: Event<'_>,
    bounds: &Bounds,
    depth: &mut u64,
    elements: &mut u64,
    begun: &mut bool,
) -> Result<Step> {
    Ok(match event {
        Event::Eof if *depth > 0 => {
            return Err(malformed("the document ends within an element").into());
        }
        Event::Eof if !*begun => return Err(malformed("there is no element").into()),
        Event::Eof => Step::End,
        Event::DocType(_) => {
            let help = "remove the DOCTYPE; nothing outside the file is ever read";
            return Err(Refusal::new(Code::Doctype, "a document type declaration", help).into());
        }
        Event::Start(tag) | Event::Empty(tag) => {
            check_tag(&tag, bounds)?;
            if *depth == 0 && std::mem::replace(begun, true) {
                return Err(malformed("a second root element").into());
            }
            *depth += 1;
            *elements += 1;
            if *depth > bounds.depth {
                return Err(more(Code::TooDeep, "levels", bounds.depth).into());
            }
            if *elements > bounds.elements {
                return Err(more(Code::TooManyElements, "elements", bounds.elements).into());
            }
            Step::Open(tag.into_owned())
        }
        Event::End(_) => {
            *depth = depth.saturating_sub(1);
            Step::Close
        }
        Event::Text(text) => within(text.xml10_content(), *depth, bounds)?,
        Event::CData(text) => within(text.xml10_content(), *depth, bounds)?,
        Event::GeneralRef(name) => within(resolved(&name)?.into(), *depth, bounds)?,
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Step::Pass,
    })
}

fn more(code: Code, what: &str, most: u64) -> Refusal {
    let problem = format!("more than {most} {what}");
    Refusal::new(code, problem, "split the file, or export it again")
}

fn check_tag(tag: &BytesStart<'_>, bounds: &Bounds) -> Result<()> {
    if tag.len() as u64 > bounds.tag {
        return Err(too_long(Code::TagTooLong, bounds.tag).into());
    }
    let mut n = 0;
    for attribute in walk(tag) {
        let attribute = attribute.map_err(|e| malformed(&e.to_string()))?;
        n += 1;
        if n > bounds.attributes {
            return Err(more(
                Code::TooManyAttributes,
                "attributes of one tag",
                bounds.attributes,
            )
            .into());
        }
        if attribute.value.contains('&')
            && attribute.normalized_value(XmlVersion::Implicit1_0).is_err()
        {
            return Err(unknown_entity("in an attribute").into());
        }
    }
    Ok(())
}

fn unknown_entity(what: &str) -> Refusal {
    let problem = format!("an entity that is not one of the five of XML ({what})");
    Refusal::new(Code::Entity, problem, "write the character itself")
}

fn resolved(name: &BytesRef<'_>) -> Result<String> {
    let known = match &**name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "apos" => "'",
        "quot" => "\"",
        other => {
            return match name.resolve_char_ref() {
                Ok(Some('\0')) => {
                    Err(Refusal::new(Code::Nul, "a NUL character", "remove it").into())
                }
                Ok(Some(c)) => Ok(c.to_string()),
                _ => Err(unknown_entity(&super::quoted(other)).into()),
            };
        }
    };
    Ok(known.to_owned())
}

fn within(text: Cow<'_, str>, depth: u64, bounds: &Bounds) -> Result<Step> {
    if text.contains('\0') {
        return Err(Refusal::new(Code::Nul, "a NUL character", "the file is damaged").into());
    }
    if text.len() as u64 > bounds.text {
        return Err(too_long(Code::TooLong, bounds.text).into());
    }
    if depth == 0 {
        return match text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']) {
            "" => Ok(Step::Pass),
            _ => Err(malformed("text outside the root element").into()),
        };
    }
    Ok(Step::Text(text.into_owned()))
}

#[cfg(test)]
mod tests;
