//! The rulebook to be read: rules with their history and cases, lists with their rows, the register of
//! provisions, the bills.

use super::{Cited, Law, Way};
use crate::{App, AppError, Result};
use schemars::JsonSchema;
use serde::Serialize;
use symbolon_law::{
    Rulebook,
    cases::Case,
    dated::{Dated, List},
    day,
    rule::{Rule, Standing},
};

/// A rule in short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleLine {
    /// Its id: its folder with dots.
    pub rule: String,
    /// The question it answers.
    pub asks: String,
    /// `bar`, `require`, `duty`, `flag` or `figure`.
    pub kind: String,
    /// Where it stands in the order of review.
    pub topic: String,
    /// Whether it may decide: its source was read.
    pub stable: bool,
    /// First day in force.
    pub from: Option<String>,
    /// First day no longer in force.
    pub to: Option<String>,
    /// Clauses.
    pub cites: Vec<Cited>,
}

/// A rule in full.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RulePage {
    /// The rule in short.
    #[serde(flatten)]
    pub line: RuleLine,
    /// Since when it is stable, or why it is a draft.
    pub standing: String,
    /// What it says when it bites.
    pub says: String,
    /// Its condition as written.
    pub when: String,
    /// In own words.
    pub text: String,
    /// Values over time, and its own beginning and end, oldest first.
    pub history: Vec<Turn>,
    /// Exceptions and waivers.
    pub lifts: Vec<Way>,
    /// Facts it reads: name and label.
    pub facts: Vec<(String, String)>,
    /// Lists it asks: name and title.
    pub lists: Vec<(String, String)>,
    /// Worked cases of it.
    pub cases: Vec<CaseLine>,
    /// What else relies on it.
    pub relied_on: Vec<String>,
}

/// A day on which something about a rule changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Turn {
    /// First day; absent: as far back as the rule goes.
    pub from: Option<String>,
    /// First day no longer.
    pub to: Option<String>,
    /// Name of the value.
    pub name: String,
    /// What it became.
    pub value: String,
    /// What set it.
    pub cite: String,
    /// Where that can be read.
    pub url: String,
    /// Day on which it became public, where that is another.
    pub published: Option<String>,
    /// Something to say about it.
    pub note: String,
}

/// A worked case in short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaseLine {
    /// Its name.
    pub name: String,
    /// What must come out.
    pub expects: String,
    /// What is stated: fact and value, as a question in an address takes them.
    pub facts: Vec<(String, String)>,
}

/// A list in short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListLine {
    /// Its name.
    pub list: String,
    /// What it is.
    pub title: String,
    /// How complete it is.
    pub completeness: String,
    /// Number of rows.
    pub rows: usize,
}

/// A list in full.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LawList {
    /// The list in short.
    #[serde(flatten)]
    pub line: ListLine,
    /// Stretches over which absence means "not on it": first day, first day no longer.
    pub complete: Vec<(Option<String>, Option<String>)>,
    /// Its rows.
    pub members: Vec<MemberLine>,
    /// Rules that ask it: id and question.
    pub rules: Vec<(String, String)>,
}

/// One row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberLine {
    /// Code of the partner.
    pub member: String,
    /// Its name.
    pub name: String,
    /// First day.
    pub from: Option<String>,
    /// First day no longer.
    pub to: Option<String>,
    /// Whether its source was read; a draft row never decides.
    pub stable: bool,
    /// Where it is from.
    pub cite: String,
    /// Where that can be read.
    pub url: String,
}

/// A line of the register of provisions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Provision {
    /// The provision.
    pub of: String,
    /// `stable` or `draft`.
    pub state: String,
    /// The rule that covers it, or the folder of several.
    pub rule: String,
}

/// A bill that can be laid over the law.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bill {
    /// Its name in questions.
    pub proposal: String,
    /// What it is called.
    pub title: String,
    /// How far it has come.
    pub status: String,
    /// Where that can be read.
    pub url: String,
}

/// A day of a stretch; nothing where it is open.
fn edge(days: i64) -> Option<String> {
    (days != i64::MIN && days != i64::MAX).then(|| day::written(days))
}

fn cited(rule: &Rule) -> Vec<Cited> {
    let one = |c: &symbolon_law::rule::Cite| Cited {
        at: c.at.clone(),
        url: c.url.clone(),
    };
    rule.cites.iter().map(one).collect()
}

/// The sort of a rule as a word.
fn word(rule: &Rule) -> String {
    let word = serde_json::to_value(rule.kind).ok();
    word.and_then(|w| w.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn line(rule: &Rule) -> RuleLine {
    RuleLine {
        rule: rule.id.clone(),
        asks: rule.asks.clone(),
        kind: word(rule),
        topic: rule.topic.clone(),
        stable: rule.stable(),
        from: edge(rule.from),
        to: edge(rule.to),
        cites: cited(rule),
    }
}

/// The history of a rule: its own stretch, and the rows of its values.
fn history(book: &Rulebook, rule: &Rule) -> Vec<Turn> {
    let mut turns = vec![];
    for value in &rule.values {
        let dated: &Dated = &book.tables.values[*value as usize];
        turns.extend(dated.rows.iter().map(|r| Turn {
            from: edge(r.from),
            to: edge(r.to),
            name: dated.name.replace('_', " "),
            value: book.schema.show(dated.kind, r.value),
            cite: r.cite.clone(),
            url: r.url.clone(),
            published: (r.published != r.from).then(|| edge(r.published)).flatten(),
            note: r.note.clone(),
        }));
    }
    let first = rule.cites.first();
    let own = |day: i64, what: &str| {
        Some(Turn {
            from: Some(edge(day)?),
            name: "rule".to_owned(),
            value: what.to_owned(),
            cite: first.map(|c| c.at.clone()).unwrap_or_default(),
            url: first.map(|c| c.url.clone()).unwrap_or_default(),
            ..Turn::default()
        })
    };
    turns.extend(own(rule.from, "comes into force"));
    turns.extend(own(rule.to, "no longer in force"));
    turns.sort_by(|a, b| (&a.from, &a.name).cmp(&(&b.from, &b.name)));
    turns
}

fn case(book: &Rulebook, case: &Case, rule: &Rule) -> CaseLine {
    let stated = book.schema.facts.iter().zip(&case.package.facts);
    let known = stated.filter(|(_, v)| **v != symbolon_law::schema::UNKNOWN);
    let mut facts: Vec<(String, String)> = known
        .map(|(f, v)| {
            (
                f.name.clone(),
                book.schema.show(f.kind, *v).replace('$', "USD "),
            )
        })
        .collect();
    if case.package.assume {
        facts.push(("assume".to_owned(), "clear".to_owned()));
    }
    let own = case.rules.get(&rule.id);
    CaseLine {
        name: case.name.clone(),
        expects: case
            .expect
            .clone()
            .or_else(|| own.cloned())
            .or_else(|| case.outcome.clone())
            .unwrap_or_default(),
        facts,
    }
}

impl Law {
    fn page(&self, rule: &Rule) -> RulePage {
        let book = &self.book;
        let folder = rule.id.replace('.', "/");
        let mine = |c: &&Case| c.folder == folder || c.rules.contains_key(&rule.id);
        let way = |l: &symbolon_law::rule::Lift| Way {
            name: l.name.clone(),
            waiver: l.waiver,
            by: l.by.clone(),
            cite: l.cite.clone(),
            applies: false,
            then: l.then.clone(),
            within_days: l.within,
        };
        let fact = |f: &u16| {
            let fact = &book.schema.facts[usize::from(*f)];
            (fact.name.clone(), fact.label.clone())
        };
        let list = |l: &u16| {
            let list = &book.tables.lists[usize::from(*l)];
            (list.name.clone(), list.title.clone())
        };
        RulePage {
            line: line(rule),
            standing: match &rule.standing {
                Standing::Stable(since) => format!("stable since {since}"),
                Standing::Draft(why) => format!("draft: {why}"),
            },
            says: rule.says.clone(),
            when: rule.when.split_whitespace().collect::<Vec<_>>().join(" "),
            text: rule.text.clone(),
            history: history(book, rule),
            lifts: rule.lifts.iter().map(way).collect(),
            facts: rule.facts.iter().map(fact).collect(),
            lists: rule.lists.iter().map(list).collect(),
            cases: self
                .cases
                .iter()
                .filter(mine)
                .map(|c| case(book, c, rule))
                .collect(),
            relied_on: self.relied_on(rule),
        }
    }

    /// What else stands on a rule: bills that change it, whole determinations, the replay.
    fn relied_on(&self, rule: &Rule) -> Vec<String> {
        let named = format!("\"{}\"", rule.id);
        let has = |file: &str| self.source.text(file).is_some_and(|t| t.contains(&named));
        let mut all: Vec<String> = self
            .proposals
            .iter()
            .filter(|p| has(&format!("proposals/{}/overlay.toml", p.name)))
            .map(|p| format!("{} would change it", p.title))
            .collect();
        let whole = |c: &&Case| c.folder.is_empty() && c.rules.contains_key(&rule.id);
        let worked = self.cases.iter().filter(whole);
        all.extend(worked.map(|c| format!("the worked determination \u{201c}{}\u{201d}", c.name)));
        let plan = symbolon_law::replay::Plan::read(&self.source, &self.book);
        let number = self.book.rule(&rule.id);
        if plan.is_ok_and(|p| p.rules.iter().any(|r| Some(*r) == number)) {
            all.push("the replay over past training".to_owned());
        }
        all
    }

    fn list(&self, list: &List) -> LawList {
        let partners = &self.book.schema.vocabularies[0];
        let number = self
            .book
            .tables
            .lists
            .iter()
            .position(|l| l.name == list.name);
        let asks = |r: &&Rule| r.lists.iter().any(|l| Some(usize::from(*l)) == number);
        let row = |r: &symbolon_law::dated::ListRow| {
            let word = usize::try_from(r.member)
                .ok()
                .and_then(|m| partners.words.get(m));
            MemberLine {
                member: word.map(|w| w.0.clone()).unwrap_or_default(),
                name: word.map(|w| w.1.clone()).unwrap_or_default(),
                from: edge(r.from),
                to: edge(r.to),
                stable: r.stable,
                cite: r.cite.clone(),
                url: r.url.clone(),
            }
        };
        LawList {
            line: list_line(list),
            complete: list
                .complete
                .iter()
                .map(|(a, b)| (edge(*a), edge(*b)))
                .collect(),
            members: list.rows.iter().map(row).collect(),
            rules: self
                .book
                .rules
                .iter()
                .filter(asks)
                .map(|r| (r.id.clone(), r.asks.clone()))
                .collect(),
        }
    }
}

fn list_line(list: &List) -> ListLine {
    ListLine {
        list: list.name.clone(),
        title: list.title.clone(),
        completeness: list.completeness.clone(),
        rows: list.rows.len(),
    }
}

impl App {
    /// Every rule, in the order of the rulebook.
    ///
    /// # Errors
    /// Never for a program whose tests passed; so all of these.
    pub fn rules(&self) -> Result<Vec<RuleLine>> {
        Ok(self.law.current()?.book.rules.iter().map(line).collect())
    }

    /// One rule.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is none of this id.
    pub fn rule(&self, id: &str) -> Result<RulePage> {
        let law = self.law.current()?;
        let at = law.book.rule(id).ok_or(AppError::NotFound("rule"))?;
        Ok(law.page(&law.book.rules[at]))
    }

    /// Every list.
    ///
    /// # Errors
    /// As [`App::rules`].
    pub fn law_lists(&self) -> Result<Vec<ListLine>> {
        let law = self.law.current()?;
        Ok(law.book.tables.lists.iter().map(list_line).collect())
    }

    /// One list.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is none of this name.
    pub fn law_list(&self, name: &str) -> Result<LawList> {
        let law = self.law.current()?;
        let wanted = name.replace('-', "_");
        let found = law.book.tables.lists.iter().find(|l| l.name == wanted);
        Ok(law.list(found.ok_or(AppError::NotFound("list"))?))
    }

    /// The register of provisions.
    ///
    /// # Errors
    /// As [`App::rules`].
    pub fn law_coverage(&self) -> Result<Vec<Provision>> {
        let law = self.law.current()?;
        let one = |p: &symbolon_law::lint::Part| Provision {
            of: p.of.clone(),
            state: p.state.clone(),
            rule: p.rule.clone(),
        };
        Ok(law.coverage.iter().map(one).collect())
    }

    /// The bills that can be laid over the law.
    ///
    /// # Errors
    /// As [`App::rules`].
    pub fn law_proposals(&self) -> Result<Vec<Bill>> {
        let law = self.law.current()?;
        let one = |p: &symbolon_law::book::Proposal| Bill {
            proposal: p.name.clone(),
            title: p.title.clone(),
            status: p.status.clone(),
            url: p.url.clone(),
        };
        Ok(law.proposals.iter().map(one).collect())
    }
}
