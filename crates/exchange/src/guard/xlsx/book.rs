//! Which parts a workbook has, and which of them it may not have.

use super::bounds;
use crate::guard::{
    Code, GuardError, Refusal, Result,
    xml::{Bounds, Node, Xml},
    zip::Zip,
};
use crate::limits::Limits;
use std::io::{BufRead, BufReader, Read, Seek};

/// A sheet.
pub(super) struct Sheet {
    pub name: String,
    pub part: String,
}

/// The parts that are read.
#[derive(Default)]
pub(super) struct Parts {
    pub sheets: Vec<Sheet>,
    pub strings: String,
    pub styles: String,
    pub from_1904: bool,
}

/// Refuses a workbook with parts that run or draw on something else.
pub(super) fn innocent<R: Read + Seek>(zip: &Zip<R>) -> Result<()> {
    for name in zip.names() {
        let name = name.to_ascii_lowercase();
        let (code, what) = if name.ends_with("vbaproject.bin") || name.contains("/macrosheets/") {
            (Code::Macro, "holds macros")
        } else if ["/externallinks/", "/querytables/", "/connections.xml"]
            .iter()
            .any(|p| name.contains(p))
        {
            (Code::ExternalLink, "draws on other files or servers")
        } else if ["/embeddings/", "/activex/", "/ctrlprops/", "/customui/"]
            .iter()
            .any(|p| name.contains(p))
        {
            (Code::Embedded, "holds embedded files or controls")
        } else {
            continue;
        };
        let help = "save only the data, as a plain .xlsx without them";
        return Err(Refusal::new(code, format!("the workbook {what}"), help)
            .within(name)
            .into());
    }
    Ok(())
}

/// Reads a part as XML; the refusal of a part that unpacks too far stands above what the XML says.
pub(super) fn with_xml<R: Read + Seek, T>(
    zip: &mut Zip<R>,
    name: &str,
    bounds: Bounds,
    read: impl FnOnce(&mut Xml<&mut dyn BufRead>) -> Result<T>,
) -> Result<T> {
    let Some(part) = zip.part(name)? else {
        let problem = format!("the part `{}` is missing", crate::guard::quoted(name));
        let help = "save the file as .xlsx in a spreadsheet program";
        return Err(Refusal::new(Code::NotAWorkbook, problem, help).into());
    };
    let mut input = BufReader::with_capacity(1 << 16, part);
    let result = read(&mut Xml::new(&mut input, bounds));
    let too_far = input.get_ref().refusal();
    match result {
        Ok(value) => Ok(value),
        Err(_) if too_far.is_some() => {
            Err(too_far.map_or_else(super::damaged, |r| r.within(name).into()))
        }
        Err(GuardError::Refused(r)) if r.place.is_empty() => Err(r.within(name).into()),
        Err(GuardError::Read(_)) => Err(super::damaged()),
        Err(e) => Err(e),
    }
}

/// A relation of a part to another.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// Relations named in a part; where there is no such part, none.
fn relations<R: Read + Seek>(
    zip: &mut Zip<R>,
    part: &str,
    limits: &Limits,
) -> Result<Vec<Relation>> {
    if !zip.has(part) {
        return Ok(vec![]);
    }
    let mut all = vec![];
    with_xml(zip, part, bounds(limits), |xml| {
        while let Some(node) = xml.next_node()? {
            let Node::Open(tag) = node else { continue };
            if tag.name() != "Relationship" {
                continue;
            }
            let text = |name: &str| tag.attribute(name).unwrap_or_default();
            let kind = text("Type")
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            let outside = text("TargetMode") == "External";
            if outside || kind == "vbaProject" || kind == "externalLink" {
                let code = if kind == "vbaProject" {
                    Code::Macro
                } else {
                    Code::ExternalLink
                };
                let problem = "the workbook is tied to something outside it";
                let help = "save only the data, as a plain .xlsx";
                return Err(Refusal::new(code, problem, help).into());
            }
            all.push(Relation {
                id: text("Id"),
                kind,
                target: text("Target"),
            });
        }
        Ok(())
    })?;
    Ok(all)
}

/// A target as a name of a part: relative to the folder of the part that names it.
fn resolved(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    }
}

impl Parts {
    pub(super) fn read<R: Read + Seek>(zip: &mut Zip<R>, limits: &Limits) -> Result<Self> {
        plain_types(zip, limits)?;
        let roots = relations(zip, "_rels/.rels", limits)?;
        let root = roots.iter().find(|r| r.kind == "officeDocument");
        let book = root.map_or("xl/workbook.xml".to_owned(), |r| resolved("", &r.target));
        let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
        let beside = resolved(folder, &format!("_rels/{file}.rels"));
        let related = relations(zip, &beside, limits)?;
        let of_kind = |kind: &str| {
            let found = related.iter().find(|r| r.kind == kind);
            found
                .map(|r| resolved(folder, &r.target))
                .unwrap_or_default()
        };
        let mut parts = Self {
            strings: of_kind("sharedStrings"),
            styles: of_kind("styles"),
            ..Self::default()
        };
        with_xml(zip, &book, bounds(limits), |xml| {
            while let Some(node) = xml.next_node()? {
                let Node::Open(tag) = node else { continue };
                let text = |name: &str| tag.attribute(name).unwrap_or_default();
                match tag.name() {
                    "workbookPr" => parts.from_1904 = matches!(&*text("date1904"), "1" | "true"),
                    "sheet" => {
                        let id = text("id");
                        let part = related.iter().find(|r| r.id == id && r.kind == "worksheet");
                        if let Some(part) = part {
                            let part = resolved(folder, &part.target);
                            parts.sheets.push(Sheet {
                                name: text("name"),
                                part,
                            });
                        }
                    }
                    _ => {}
                }
            }
            Ok(())
        })?;
        Ok(parts)
    }
}

/// Refuses content types of workbooks with macros.
fn plain_types<R: Read + Seek>(zip: &mut Zip<R>, limits: &Limits) -> Result<()> {
    with_xml(zip, "[Content_Types].xml", bounds(limits), |xml| {
        while let Some(node) = xml.next_node()? {
            let Node::Open(tag) = node else { continue };
            let kind = tag
                .attribute("ContentType")
                .unwrap_or_default()
                .to_ascii_lowercase();
            if kind.contains("macroenabled") || kind.contains("vbaproject") {
                let help = "save it as .xlsx, without macros";
                return Err(
                    Refusal::new(Code::Macro, "the workbook is made for macros", help).into(),
                );
            }
        }
        Ok(())
    })
}
