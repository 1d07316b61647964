//! Rules as parsed, before names and types are checked: the form that proposals overlay and the
//! mutation check alters.

use crate::day::Days;
use crate::error::LawError;
use crate::expr::{self, Expr, Kind as ExprKind};
use crate::rule::{Cite, RuleKind, Standing};
use crate::shape::{Basis, Kind, LiftKind, RuleFile, Text};
use crate::source::Source;
use crate::spanned::{self, At};

/// An expression and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub at: At,
    pub expr: Expr,
}

impl Written {
    fn new(at: At) -> Result<Self, LawError> {
        let expr = expr::parse(&at.text).map_err(|f| at.fault(f.at, f.message))?;
        Ok(Self { at, expr })
    }

    fn read(file: &str, text: &str, written: &Text) -> Result<Self, LawError> {
        Self::new(At::of(file, text, written))
    }

    /// An expression that follows from other keys of a file.
    fn made(file: &str, text: String) -> Result<Self, LawError> {
        Self::new(At {
            text,
            file: file.to_owned(),
            line: 1,
            column: 1,
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ParsedLift {
    pub name: String,
    pub waiver: bool,
    pub by: String,
    pub cite: String,
    pub then: String,
    pub within: i64,
    pub when: Written,
}

#[derive(Clone, Debug)]
pub(crate) struct ParsedDuty {
    pub who: String,
    pub to: String,
    pub what: String,
    pub before: bool,
    pub days: Written,
    pub from: Written,
}

/// A rule as parsed.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    pub id: String,
    pub folder: String,
    pub asks: String,
    pub kind: RuleKind,
    pub topic: String,
    pub standing: Standing,
    pub cites: Vec<Cite>,
    pub says: String,
    pub from: Days,
    pub to: Days,
    pub text: String,
    pub as_of: Option<Written>,
    pub when: Written,
    pub must: Option<Written>,
    pub amount: Option<(Written, String)>,
    pub lifts: Vec<ParsedLift>,
    pub duty: Option<ParsedDuty>,
    pub remarks: Vec<(Written, String)>,
}

impl Parsed {
    /// Ids of the rules this one asks about with `hit('...')`.
    pub(crate) fn asks_about(&self) -> Vec<String> {
        let mut found = vec![];
        let mut each = |w: &Written| named(&w.expr, &mut found);
        each(&self.when);
        self.must.iter().for_each(&mut each);
        self.lifts.iter().for_each(|l| each(&l.when));
        self.remarks.iter().for_each(|(w, _)| each(w));
        found
    }
}

fn named(e: &Expr, found: &mut Vec<String>) {
    match &e.kind {
        ExprKind::Call(name, arguments) => {
            if let (
                "hit",
                [
                    Expr {
                        kind: ExprKind::Text(rule),
                        ..
                    },
                ],
            ) = (name.as_str(), &arguments[..])
            {
                found.push(rule.clone());
            }
            arguments.iter().for_each(|a| named(a, found));
        }
        ExprKind::Not(a) => named(a, found),
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::List(parts) => {
            parts.iter().for_each(|p| named(p, found));
        }
        ExprKind::Compare(_, a, b) | ExprKind::Arith(_, a, b) | ExprKind::In(a, b) => {
            named(a, found);
            named(b, found);
        }
        ExprKind::Choose(c, a, b) => [c, a, b].into_iter().for_each(|p| named(p, found)),
        ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Text(_) | ExprKind::Name(_) => {}
    }
}

/// Reads the rule of a folder; an authority gives several.
pub(crate) fn read(source: &Source, folder: &str) -> Result<Vec<Parsed>, Vec<LawError>> {
    let file = format!("{folder}/rule.toml");
    let (text, shape): (_, RuleFile) = spanned::parse(source, &file).map_err(|e| vec![e])?;
    let base = base(source, folder, &file, &shape)?;
    match shape.kind {
        Kind::Authority => authority(base, &file, text, &shape).map_err(|e| vec![e]),
        _ => plain(base, &file, text, &shape)
            .map(|p| vec![p])
            .map_err(|e| vec![e]),
    }
}

fn base(
    source: &Source,
    folder: &str,
    file: &str,
    shape: &RuleFile,
) -> Result<Parsed, Vec<LawError>> {
    let standing = match (&shape.status.stable_since, &shape.status.draft) {
        (Some(since), None) => Standing::Stable(since.clone()),
        (None, Some(why)) => Standing::Draft(why.clone()),
        _ => {
            return Err(vec![LawError::of(
                file,
                "`status` says either `stable_since` or `draft`",
            )]);
        }
    };
    let checked = shape.checked.is_some() && !shape.cites.is_empty();
    if matches!(standing, Standing::Stable(_)) && !checked {
        return Err(vec![LawError::of(
            file,
            "a stable rule says what it cites and when that was checked",
        )]);
    }
    let kind = match shape.kind {
        Kind::Bar => RuleKind::Bar,
        Kind::Require => RuleKind::Require,
        Kind::Duty => RuleKind::Duty,
        Kind::Flag | Kind::Authority => RuleKind::Flag,
        Kind::Figure => RuleKind::Figure,
    };
    let own_words = source.text(&format!("{folder}/text.md")).unwrap_or("");
    Ok(Parsed {
        id: folder.replace('/', "."),
        folder: folder.to_owned(),
        asks: shape.asks.clone(),
        kind,
        topic: shape.topic.clone(),
        standing,
        cites: shape.cites.clone(),
        says: shape.says.clone(),
        from: shape.from.map_or(Days::MIN, |d| d.days()),
        to: shape.to.map_or(Days::MAX, |d| d.days()),
        text: own_words.to_owned(),
        as_of: None,
        when: Written::made(file, "true".to_owned()).map_err(|e| vec![e])?,
        must: None,
        amount: None,
        lifts: vec![],
        duty: None,
        remarks: vec![],
    })
}

fn plain(mut rule: Parsed, file: &str, text: &str, shape: &RuleFile) -> Result<Parsed, LawError> {
    let read = |w: &Text| Written::read(file, text, w);
    let Some(when) = &shape.when else {
        return Err(LawError::of(file, "`when` is missing"));
    };
    rule.when = read(when)?;
    rule.as_of = shape.as_of.as_ref().map(read).transpose()?;
    rule.must = shape.must.as_ref().map(read).transpose()?;
    rule.amount = match (&shape.amount, &shape.unit) {
        (Some(a), Some(u)) => Some((read(a)?, u.get_ref().clone())),
        (None, None) => None,
        _ => return Err(LawError::of(file, "`amount` and `unit` go together")),
    };
    for l in &shape.lift {
        rule.lifts.push(ParsedLift {
            name: l.name.clone(),
            waiver: l.kind == LiftKind::Waiver,
            by: l.by.clone(),
            cite: l.cite.clone(),
            then: l.then.clone(),
            within: l.within,
            when: read(&l.when)?,
        });
    }
    if let Some(d) = &shape.duty {
        rule.duty = Some(ParsedDuty {
            who: d.who.clone(),
            to: d.to.clone(),
            what: d.what.clone(),
            before: d.basis == Basis::Before,
            days: read(&d.days)?,
            from: read(&d.from)?,
        });
    }
    for r in &shape.remark {
        rule.remarks.push((read(&r.when)?, r.text.clone()));
    }
    let fits = match rule.kind {
        RuleKind::Require => rule.must.is_some(),
        RuleKind::Duty => rule.duty.is_some(),
        RuleKind::Figure => rule.amount.is_some(),
        _ => true,
    };
    if !fits {
        return Err(LawError::of(
            file,
            "a require has `must`, a duty `[duty]`, a figure `amount` and `unit`",
        ));
    }
    Ok(rule)
}

/// An authority: a note that names it, and bars for its time, what it permits, whom, and where.
fn authority(
    base: Parsed,
    file: &str,
    text: &str,
    shape: &RuleFile,
) -> Result<Vec<Parsed>, LawError> {
    let Some(a) = &shape.authority else {
        return Err(LawError::of(file, "`[authority]` is missing"));
    };
    let code = a.code.get_ref();
    let asked = format!("authority == '{code}'");
    let bar = |part: &str, says: String, when: String| -> Result<Parsed, LawError> {
        Ok(Parsed {
            id: format!("{}.{part}", base.id),
            kind: RuleKind::Bar,
            from: Days::MIN,
            to: Days::MAX,
            says,
            when: Written::made(file, when)?,
            ..base.clone()
        })
    };
    let mut rules = vec![Parsed {
        says: format!("{} {} Money: {}.", shape.says, a.admin, a.money)
            .trim()
            .to_owned(),
        when: Written::made(file, asked.clone())?,
        from: Days::MIN,
        to: Days::MAX,
        ..base.clone()
    }];
    let mut outside = vec![];
    if let Some(from) = shape.from {
        outside.push(format!("date < '{}'", from.0));
    }
    if let Some(to) = shape.to {
        outside.push(format!("date >= '{}'", to.0));
    }
    if let Some(known) = a.known_to {
        outside.push(format!("(date >= '{}' && !authority_extended)", known.0));
    }
    if !outside.is_empty() {
        let says = "The authority is not in force on that day.".to_owned();
        rules.push(bar(
            "in-force",
            says,
            format!("{asked} && ({})", outside.join(" || ")),
        )?);
    }
    let words = |w: &[String]| {
        w.iter()
            .map(|w| format!("'{w}'"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if let Some(permits) = &a.permits {
        let says = format!("It permits only: {}.", permits.join(", "));
        rules.push(bar(
            "permits",
            says,
            format!("{asked} && !(aid in [{}])", words(permits)),
        )?);
    }
    if let Some(recipients) = &a.recipients {
        let says = format!("It reaches only: {}.", recipients.join(", "));
        rules.push(bar(
            "recipients",
            says,
            format!("{asked} && !(recipient in [{}])", words(recipients)),
        )?);
    }
    if let Some(partners) = &a.partners {
        let written = Written::read(file, text, partners)?;
        let says = "The partner is not one it names.".to_owned();
        let mut rule = bar(
            "partners",
            says,
            format!("{asked} && !({})", written.at.text),
        )?;
        rule.when.at.line = written.at.line;
        rules.push(rule);
    }
    Ok(rules)
}
