//! Every reader of bytes from outside, to be fed with anything: it answers with a value or a
//! refusal, and never panics, hangs, or takes memory without bound.
#![forbid(unsafe_code)]

use std::io::Cursor;
use symbolon_domain::{
    label::{Codes, Given, Label, Markings},
    money::Amount,
    when::When,
};
use symbolon_exchange::{
    export::{Field, Notes, Sheet},
    guard::{
        Meter, json,
        xml::{Bounds, Xml},
    },
    import::{
        self,
        lists::ListFile,
        records::{Format, Mapping, Reading, Row, draft, rows},
    },
    limits::Limits,
};
use symbolon_store::journal::{Body, Checkpoint, Entry};

/// A reader.
pub struct Target {
    /// Its name: the file in `fuzz_targets`.
    pub name: &'static str,
    /// Reads bytes.
    pub read: fn(&[u8]),
    /// Sound input, from which changed input is made.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

macro_rules! targets {
    ($($name:literal $read:expr, $seeds:expr;)+) => {
        /// Every reader.
        pub static TARGETS: &[Target] = &[$(Target { name: $name, read: $read, seeds: $seeds }),+];
    };
}

targets! {
    "condition" condition, || texts(&["value(total) >= 14000000 and not waived", "a == b or c in [1, 2]"]);
    "csv" |b| table(Format::Csv, b), || texts(&["name,iso3,note\r\n\"A, \"\"B\"\"\nC\",MLI,'=1\r\nD,NER,\r\n", "name;iso3\nA;MLI\n"]);
    "date" date, || texts(&["2012-11-05", "about 2012-11", "between 2012 and 2014", "2012-11-05~"]);
    "entry" entry, || texts(&[ENTRY, "{\"actor\":\"system\",\"action\":\"partner.create\",\"after\":{\"name\":\"Mali\"}}"]);
    "field" field, || texts(&["2026-01-15", "1234.50", "training", "[\"a\",\"b\"]", "yes"]);
    "json" json_value, || texts(&["{\"body\":{\"n\":[1,-2.5e3,true,null,\"\\u00e9\"]}}"]);
    "label" label, || texts(&["CUI//REL TO USA, MLI", "UNCLASSIFIED", "{\"policy\":\"US\",\"level\":\"internal\"}"]);
    "lists" lists, || texts(&[
        "1,\"ORLOVTEST, Grigory\",individual,TEST,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB circa 1962; a.k.a. 'GRISHATEST'\"\r\n\u{1a}",
        "<?xml version='1.0'?><CONSOLIDATED_LIST dateGenerated='2026-02-27T00:00:00Z'><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><SECOND_NAME>TEST</SECOND_NAME><INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>B</ALIAS_NAME></INDIVIDUAL_ALIAS></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>",
        "{\"id\":\"t-1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Grigory Orlovtest\"],\"birthDate\":[\"1962-05\"]}}\n",
        "recordId,schema,name,alias,birthDate,country\n1,Person,ORLOVTEST Grigory,Grishatest; Otest,11.8.1960,Ruritania\n",
    ]);
    "money" money, || texts(&["1234.50", "-0.01", "999999999999.99"]);
    "note" note, || texts(&["symbolon\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u{2014} symbolon Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"]);
    "rows" |b| { table(Format::Json, b); table(Format::Ndjson, b); }, || texts(&["[{\"name\":\"A\",\"iso3\":\"MLI\",\"body\":{\"n\":[1,null]}}]", "{\"name\":\"A\"}\n{\"name\":\"B\"}\n"]);
    "units" units, || texts(&[
        "Organization:Name\tSource: Name\tConfidence: Name\tOrganization division_id\tOrganizationOrganization:parent_id\tOrganizationOrganization:date_first_cited\tOrganizationOrganization:open_ended\n1 Test Battalion\ts1\tHigh\tml\t1 Test Brigade\t8/31/2007\tN\n",
        "Name,Organization,Role,Rank,First citation,Last citation,End date? (Y/N),division_id\nGrigory Orlovtest,1 Test Battalion,Commander,Colonel,10/6/2014,,N,ml\n",
        "pk,uuid,divisionid,enddate,firstallegation,locationdescription,perpetratorclassification,startdate,type\n1,i-1,ocd-division/country:ml,,2013-02-00,A test place,Army; Police,2012-11-00,Beating; Torture\n",
    ]);
    "xlsx" |b| table(Format::Xlsx, b), || vec![workbook()];
    "xml" xml, || texts(&["<?xml version='1.0'?><a b='1&amp;2'><c><![CDATA[x]]></c>&lt;&#65;<!-- d --></a>"]);
}

const ENTRY: &str = "{\"v\":1,\"seq\":7,\"time\":1767225600000,\"object\":\"partner/1\",\"version\":1,\"after\":\"00\",\"commit\":\"00\"}";

/// Feeds one reader.
///
/// # Panics
/// Where there is no reader of this name, and where a reader panics: that is what is looked for.
pub fn feed(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|t| t.name == name);
    (target.expect("a reader of this name").read)(bytes);
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|t| t.as_bytes().to_vec()).collect()
}

/// A sound workbook.
fn workbook() -> Vec<u8> {
    let mut out = vec![];
    let heads = ["name".to_owned(), "iso3".to_owned()];
    let row = [Field::Text("Mali & more"), Field::Int(3)];
    let made = Sheet::xlsx(&mut out, &heads, &Notes::default())
        .and_then(|mut sheet| sheet.row(&row).map(|()| sheet))
        .and_then(Sheet::finish);
    made.expect("a workbook in memory");
    out
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// Rows of a file to their end, each as a draft.
fn table(format: Format, bytes: &[u8]) {
    // A file whose first bytes say otherwise is never given to this reader.
    let sound = Format::of("x.ndjson", bytes).is_ok_and(|f| f == format)
        || Format::of("x", bytes).is_ok_and(|f| f == format);
    if !sound {
        return;
    }
    let limits = Limits::shipped();
    let meter = Meter::new(64 << 20, None);
    let kind = symbolon_domain::kinds::by_code("partner").expect("a kind that ships");
    let how = Reading {
        format,
        sheet: None,
        limits,
        meter: &meter,
    };
    let mut mapping: Option<Mapping> = None;
    let _ = rows(Cursor::new(bytes), how, &mut |row: Row<'_>| {
        let mapping = mapping.get_or_insert_with(|| Mapping::guess(kind, row.heads));
        draft::Reader::new(kind, mapping).draft(&row);
        Ok(true)
    });
}

/// The same bytes as each file that a list may come in; what is packed is another reader's.
fn lists(bytes: &[u8]) {
    if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return;
    }
    for name in [
        "sdn.csv",
        "alt.csv",
        "add.csv",
        "list.xml",
        "list.json",
        "list.csv",
    ] {
        let file = ListFile {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        };
        let _ = import::lists::read(&[file], Limits::shipped());
    }
}

/// A file of unit histories, closed as the last of its folder.
fn units(bytes: &[u8]) {
    let mut folder = import::sfm::Folder::default();
    let _ = folder.read("file.csv", bytes);
    folder.close();
}

fn xml(bytes: &[u8]) {
    let mut xml = Xml::new(bytes, Bounds::of(Limits::shipped()));
    while let Ok(Some(_)) = xml.next_node() {}
}

fn json_value(bytes: &[u8]) {
    let _ = json::value(bytes, Limits::shipped());
}

fn condition(bytes: &[u8]) {
    if let Some(text) = text(bytes) {
        let _ = symbolon_law::expr::parse(text);
    }
}

/// A date that was read is printed so that it reads the same.
fn date(bytes: &[u8]) {
    let Some(Ok(when)) = text(bytes).map(str::parse::<When>) else {
        return;
    };
    let again = when.to_string().parse::<When>();
    assert_eq!(again.ok(), Some(when), "{}", when);
}

/// An amount that was read is printed so that it reads the same.
fn money(bytes: &[u8]) {
    let Some(Ok(amount)) = text(bytes).map(str::parse::<Amount>) else {
        return;
    };
    let again = amount.to_string().parse::<Amount>();
    assert_eq!(again.ok(), Some(amount), "{amount}");
}

fn field(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for kind in symbolon_domain::kinds::all() {
        for field in &kind.fields {
            let _ = field.value_of(text);
        }
    }
}

fn label(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let day = jiff::civil::date(2026, 1, 1);
    let (markings, codes) = (
        Markings::shipped(),
        Codes {
            nation: &|_| true,
            group: &|_| true,
        },
    );
    for policy in ["US", "NATO", "UK"] {
        let given = Given {
            policy,
            originator: "USA",
            released_at: Some(day),
            day,
        };
        let _ = Label::parse(markings, &given, &codes, text);
    }
    let _ = serde_json::from_str::<Label>(text).map(|l| l.marking());
}

fn entry(bytes: &[u8]) {
    if let Ok(entry) = serde_json::from_slice::<Entry>(bytes) {
        let _ = entry.leaf();
    }
    if let Ok(body) = serde_json::from_slice::<Body>(bytes) {
        let _ = body.commitment(&[0; 32]);
    }
}

fn note(bytes: &[u8]) {
    if let Some(text) = text(bytes) {
        let _ = Checkpoint::unverified(text);
    }
}
