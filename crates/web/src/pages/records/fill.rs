//! Between a form as sent and a draft: questions from a kind, a draft from the answers.

use super::words;
use crate::view::form::{Answer, Option as Choice, Question, Section};
use jiff::civil::Date;
use std::collections::HashMap;
use symbolon_access::Viewer;
use symbolon_app::{App, AppError, Draft};
use symbolon_domain::{
    codes,
    date::{Known, ValidTime},
    kind::{Fault, FieldDef, FieldType, KindDef, sentence, within},
    record::{Citation, Claim, Confidence, Record},
    when::When,
};

/// A form as it was sent: pairs in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Filled(pub(super) Vec<(String, String)>);

/// Blank rows for further sources.
const SPARE: usize = 1;

impl Filled {
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().rev().find(|(n, _)| n == name);
        found.map_or("", |(_, v)| v.as_str())
    }

    /// Everything but what belongs to the step itself.
    pub(super) fn carried(&self) -> Vec<(String, String)> {
        let own = ["csrf", "step", "back", "reason"];
        let kept = self.0.iter().filter(|(n, _)| !own.contains(&n.as_str()));
        kept.cloned().collect()
    }

    /// What a form shows of a record.
    pub(super) fn of(kind: &KindDef, record: &Record, codes: &HashMap<String, String>) -> Self {
        let e = &record.envelope;
        let bound = |k: Option<Known>| k.map(|k| When(k).to_string()).unwrap_or_default();
        let mut pairs: Vec<(String, String)> = vec![
            ("code".into(), e.code.clone()),
            ("partner".into(), e.partner.clone()),
            ("programme".into(), e.programme.clone()),
            ("valid_from".into(), bound(e.valid.from)),
            ("valid_to".into(), bound(e.valid.to)),
        ];
        for field in &kind.fields {
            let text = field.text_of(&record.body[&field.name]);
            let text = codes.get(&text).cloned().unwrap_or(text);
            pairs.push((format!("f.{}", field.name), text));
        }
        for (i, s) in e.sources.iter().enumerate() {
            pairs.extend(source_pairs(&format!("source.{i}"), s));
        }
        for (i, c) in e.claims.iter().enumerate() {
            let at = format!("claim.{i}");
            let text = kind
                .field(&c.field)
                .map_or(String::new(), |f| f.text_of(&c.value));
            pairs.push((format!("{at}.value"), text));
            pairs.push((format!("{at}.note"), c.note.clone()));
            let none = Citation {
                document: String::new(),
                locator: String::new(),
                url: String::new(),
                confidence: Confidence::Medium,
                field: String::new(),
            };
            let source = c.sources.first().unwrap_or(&none);
            pairs.extend(source_pairs(&at, source));
            pairs.push((format!("{at}.field"), c.field.clone()));
        }
        Self(pairs)
    }

    /// How many rows of a group there are: those filled and some to spare.
    fn rows(&self, group: &str) -> usize {
        let begins = format!("{group}.");
        let numbers = self.0.iter().filter_map(|(name, value)| {
            let rest = name.strip_prefix(&begins)?;
            let filled = !value.is_empty() && !rest.ends_with("confidence");
            filled.then(|| rest.split('.').next()?.parse::<usize>().ok())?
        });
        numbers.max().map_or(0, |n| n + 1)
    }
}

fn source_pairs(at: &str, s: &Citation) -> Vec<(String, String)> {
    vec![
        (format!("{at}.document"), s.document.clone()),
        (format!("{at}.locator"), s.locator.clone()),
        (format!("{at}.url"), s.url.clone()),
        (format!("{at}.confidence"), s.confidence.to_string()),
        (format!("{at}.field"), s.field.clone()),
    ]
}

/// Sections of a kind with their fields, in the order of the definition.
pub(super) fn sections(kind: &KindDef) -> Vec<(String, Vec<&FieldDef>)> {
    let mut all: Vec<(String, Vec<&FieldDef>)> = vec![];
    for field in &kind.fields {
        let title = if field.section.is_empty() {
            kind.name
        } else {
            &field.section
        };
        match all.iter_mut().find(|(t, _)| t == title) {
            Some((_, fields)) => fields.push(field),
            None => all.push((title.to_owned(), vec![field])),
        }
    }
    all
}

/// The questions of a form, with what was filled in and what is wrong.
pub(super) fn questions(
    kind: &KindDef,
    filled: &Filled,
    faults: &[Fault],
    today: Date,
) -> Vec<Section> {
    let mut all: Vec<Section> = sections(kind)
        .into_iter()
        .enumerate()
        .map(|(i, (title, fields))| Section {
            id: format!("s-{}", i + 1),
            title,
            lead: String::new(),
            closed: false,
            questions: fields
                .into_iter()
                .map(|f| question(f, filled, faults, today))
                .collect(),
        })
        .collect();
    all.push(around(kind, filled, faults));
    all.push(source_section(kind, filled, faults));
    all.push(claim_section(kind, filled, faults));
    all
}

fn error_of(faults: &[Fault], name: &str) -> String {
    let found = faults.iter().find(|f| f.field == name);
    found.map(|f| f.message.clone()).unwrap_or_default()
}

fn question(field: &FieldDef, filled: &Filled, faults: &[Fault], today: Date) -> Question {
    let name = format!("f.{}", field.name);
    let (answer, options) = match &field.field_type {
        FieldType::Choice(words) => (Answer::Choice, choice_options(field, words)),
        FieldType::Code(list) => (Answer::Choice, code_options(list, today)),
        FieldType::Flag => (
            Answer::Choice,
            vec![option("yes", "Yes", ""), option("no", "No", "")],
        ),
        FieldType::LongText | FieldType::Texts | FieldType::Json => (Answer::Lines, vec![]),
        _ => (Answer::Line, vec![]),
    };
    Question {
        value: filled.get(&name).to_owned(),
        label: field.label.clone(),
        hint: format!("{}{}", field.help, how_to(&field.field_type)),
        answer,
        options,
        unit: field.unit.clone(),
        optional: !field.required,
        error: error_of(faults, &field.name),
        name,
    }
}

/// How a date is written that need not be exact.
const WHEN: &str =
    "As 2026-03-31, 2026-03 or 2026; about, before or after a day, or between two, in words.";

/// How a value is written, where that is not plain.
fn how_to(field_type: &FieldType) -> String {
    match field_type {
        FieldType::Date => " Year-month-day, as 2026-03-31.".to_owned(),
        FieldType::When => format!(" {WHEN}"),
        FieldType::Amount => " As 1250000.00.".to_owned(),
        FieldType::Reference(kind) => {
            format!(" The code of the {}.", kind.replace('_', " "))
        }
        FieldType::Country => " Three letters, as NGA.".to_owned(),
        _ => String::new(),
    }
}

fn option(value: &str, label: &str, hint: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    }
}

fn choice_options(field: &FieldDef, words: &[String]) -> Vec<Choice> {
    let hint = |i: usize| field.choice_help.get(i).map_or("", String::as_str);
    let numbered = words.iter().enumerate();
    numbered
        .map(|(i, w)| option(w, &sentence(w), hint(i)))
        .collect()
}

fn code_options(list: &str, today: Date) -> Vec<Choice> {
    let items = codes::list(list)
        .map(|l| l.items.iter())
        .into_iter()
        .flatten();
    items
        .filter(|i| i.holds_on(today))
        .map(|i| option(&i.code, &i.name, &i.meaning))
        .collect()
}

fn line(filled: &Filled, faults: &[Fault], name: &str, label: &str, hint: &str) -> Question {
    Question {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: filled.get(name).to_owned(),
        optional: true,
        error: error_of(faults, name),
        ..Question::default()
    }
}

/// What stands around the fields: partner, programme, code, valid time.
fn around(kind: &KindDef, filled: &Filled, faults: &[Fault]) -> Section {
    let ask = |name, label, hint| line(filled, faults, name, label, hint);
    let mut partner = ask(
        "partner",
        "Partner",
        "The country it is about: three letters, as NGA.",
    );
    partner.optional = !kind.of_partner;
    let when = format!("{WHEN} ");
    Section {
        id: "s-around".to_owned(),
        title: "Partner and time".to_owned(),
        lead: "When it is true in the world. When it was recorded is kept by itself.".to_owned(),
        closed: false,
        questions: vec![
            partner,
            ask("programme", "Programme", "The programme it belongs to."),
            ask(
                "valid_from",
                "True from",
                &format!("{when}The first day it is so."),
            ),
            ask(
                "valid_to",
                "Until",
                &format!("{when}The first day it is no longer so."),
            ),
            ask("code", "Code", "Left empty the program gives one."),
        ],
    }
}

fn field_options(kind: &KindDef, whole: bool) -> Vec<Choice> {
    let first = whole.then(|| option("", "The whole record", ""));
    let fields = kind.fields.iter().map(|f| option(&f.name, &f.label, ""));
    first.into_iter().chain(fields).collect()
}

fn confidence_options() -> Vec<Choice> {
    vec![
        option("high", "High", "Printed so, or several independent sources"),
        option("medium", "Medium", "A reasoned reading, or one good source"),
        option("low", "Low", "One weak source, or a guess by rule"),
    ]
}

fn citation_questions(at: &str, n: usize, filled: &Filled, faults: &[Fault]) -> Vec<Question> {
    let ask = |part: &str, label: &str, hint: &str| {
        line(
            filled,
            faults,
            &format!("{at}.{part}"),
            &format!("{label} {n}"),
            hint,
        )
    };
    vec![
        ask(
            "document",
            "Document",
            "Its title, or the code of a source record.",
        ),
        ask("locator", "Place in document", "Page, article, row."),
        ask("url", "Address of document", ""),
        Question {
            answer: Answer::Choice,
            options: confidence_options(),
            ..ask("confidence", "Confidence of document", "")
        },
    ]
}

fn source_section(kind: &KindDef, filled: &Filled, faults: &[Fault]) -> Section {
    let mut questions = vec![];
    for i in 0..filled.rows("source") + SPARE {
        let at = format!("source.{i}");
        questions.extend(citation_questions(&at, i + 1, filled, faults));
        let supports = line(
            filled,
            faults,
            &format!("{at}.field"),
            &format!("Document {} supports", i + 1),
            "",
        );
        questions.push(Question {
            answer: Answer::Choice,
            options: field_options(kind, true),
            ..supports
        });
    }
    Section {
        id: "s-sources".to_owned(),
        title: "Sources".to_owned(),
        lead: "Who says so. Leave the rest empty; empty a document to take it away.".to_owned(),
        closed: false,
        questions,
    }
}

fn claim_section(kind: &KindDef, filled: &Filled, faults: &[Fault]) -> Section {
    let mut questions = vec![];
    for i in 0..filled.rows("claim") + 1 {
        let at = format!("claim.{i}");
        let n = i + 1;
        let ask = |part: &str, label: &str, hint: &str| {
            line(
                filled,
                faults,
                &format!("{at}.{part}"),
                &format!("{label} {n}"),
                hint,
            )
        };
        questions.push(Question {
            answer: Answer::Choice,
            options: field_options(kind, false),
            ..ask("field", "Field of claim", "")
        });
        questions.push(ask("value", "Value claimed", "What the other source says."));
        let mut cited = citation_questions(&at, n, filled, faults);
        for question in &mut cited {
            question.label = format!("Claim: {}", within(&question.label));
        }
        questions.extend(cited);
        questions.push(ask("note", "Why it is not used, claim", ""));
    }
    Section {
        id: "s-claims".to_owned(),
        title: "Other claims".to_owned(),
        lead: "Where sources disagree, both stand side by side.".to_owned(),
        closed: filled.rows("claim") == 0,
        questions,
    }
}

/// A draft from a form. References are written as codes.
pub(super) fn draft(
    app: &App,
    viewer: &Viewer,
    kind: &KindDef,
    filled: &Filled,
) -> Result<(Draft, Vec<Fault>), AppError> {
    let mut faults = vec![];
    let mut body = serde_json::Map::new();
    for field in &kind.fields {
        let text = filled.get(&format!("f.{}", field.name));
        let value = match &field.field_type {
            FieldType::Reference(to) if !text.trim().is_empty() => {
                match app.resolve(viewer, to, text)? {
                    Some(id) => Ok(serde_json::Value::String(id.to_string())),
                    None => Err(format!("there is no {} `{text}`", to.replace('_', " "))),
                }
            }
            _ => field.value_of(text),
        };
        match value {
            Ok(value) => drop(body.insert(field.name.clone(), value)),
            Err(what) => {
                let message = format!("{}: {what}", field.label);
                faults.push(Fault::new(&field.name, "wrong-type", message));
            }
        }
    }
    let (sources, claims) = (sources(filled), claims(kind, filled, &mut faults));
    let draft = Draft {
        code: filled.get("code").to_owned(),
        partner: filled.get("partner").trim().to_ascii_uppercase(),
        programme: filled.get("programme").trim().to_owned(),
        valid: ValidTime {
            from: when(filled, "valid_from", "True from", &mut faults),
            to: when(filled, "valid_to", "Until", &mut faults),
        },
        label: None,
        sources,
        claims,
        body: body.into(),
    };
    Ok((draft, faults))
}

fn when(filled: &Filled, name: &str, label: &str, faults: &mut Vec<Fault>) -> Option<Known> {
    let text = filled.get(name).trim();
    if text.is_empty() {
        return None;
    }
    match text.parse::<When>() {
        Ok(When(known)) => Some(known),
        Err(e) => {
            faults.push(Fault::new(name, "wrong-type", format!("{label}: {e}")));
            None
        }
    }
}

fn citation(filled: &Filled, at: &str) -> Option<Citation> {
    let part = |p: &str| filled.get(&format!("{at}.{p}")).trim().to_owned();
    let document = part("document");
    (!document.is_empty()).then(|| Citation {
        document,
        locator: part("locator"),
        url: part("url"),
        confidence: match part("confidence").as_str() {
            "high" => Confidence::High,
            "low" => Confidence::Low,
            _ => Confidence::Medium,
        },
        field: part("field"),
    })
}

fn sources(filled: &Filled) -> Vec<Citation> {
    let rows = 0..filled.rows("source");
    rows.filter_map(|i| citation(filled, &format!("source.{i}")))
        .collect()
}

fn claims(kind: &KindDef, filled: &Filled, faults: &mut Vec<Fault>) -> Vec<Claim> {
    let mut claims = vec![];
    for i in 0..filled.rows("claim") {
        let at = format!("claim.{i}");
        let name = filled.get(&format!("{at}.field"));
        let Some(field) = kind.field(name) else {
            continue;
        };
        match field.value_of(filled.get(&format!("{at}.value"))) {
            Ok(value) if !value.is_null() => claims.push(Claim {
                field: name.to_owned(),
                value,
                sources: citation(filled, &at).into_iter().collect(),
                note: filled.get(&format!("{at}.note")).trim().to_owned(),
            }),
            Ok(_) => {}
            Err(what) => {
                let message = format!("Claimed {}: {what}", within(&field.label));
                faults.push(Fault::new(&format!("{at}.value"), "wrong-type", message));
            }
        }
    }
    claims
}

/// The name in the form of the field a fault is about.
pub(super) fn place(kind: &KindDef, fault: &Fault) -> String {
    match fault.field.as_str() {
        "" => "main".to_owned(),
        name if kind.field(name).is_some() => format!("f.{name}"),
        "sources" => "s-sources".to_owned(),
        name => name.to_owned(),
    }
}

/// A value of a form as it reads on the page of answers.
pub(super) fn read_back(field: &FieldDef, text: &str) -> String {
    field
        .value_of(text)
        .map_or_else(|_| text.to_owned(), |value| words(field, &value))
}
