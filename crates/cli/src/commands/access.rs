//! `access`: who may see and do what: roles, markings, groups, sharing agreements, and one record as one account.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{Failure, USAGE};
use crate::instance::Place;
use crate::output::Out;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::json;
use symbolon_access::{Action, Policy};
use symbolon_app::App;
use symbolon_domain::{label::Markings, record::RecordId};

/// Who may see and do what.
#[derive(Debug, Subcommand)]
#[command(
    before_help = "Examples:\n  symbolon access groups --on 2021-06-01\n  symbolon access see case 0f3c... --as 3f0c...    why an account sees a record, or which rule keeps it out\n  symbolon import records sharing_agreement FILE    groups, memberships and agreements are records"
)]
pub enum Access {
    /// What each role and duty does with which kinds
    Roles,
    /// Markings in force: levels, controls, categories of each policy
    Labels(On),
    /// Groups of nations and who belongs to them
    Groups(On),
    /// Sharing agreements
    Agreements(On),
    /// Whether an account sees a record, condition by condition
    See(See),
}

/// A day.
#[derive(Debug, Args)]
pub struct On {
    /// The day; today if it is not said
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// A record and an account.
#[derive(Debug, Args)]
pub struct See {
    /// Kind of the record: case, unit, ...
    kind: String,
    /// Its id, as in its address
    id: RecordId,
    /// Id of the account, as `account list` shows it
    #[arg(long = "as", value_name = "ACCOUNT")]
    account: RecordId,
}

impl Access {
    /// Shows it.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let out = Out::of(global);
        if let Self::Roles = self {
            return roles(out);
        }
        let instance = Place::of(global).open_reader()?;
        let app = &*instance.app;
        match self {
            Self::Roles => Ok(()),
            Self::Labels(day) => labels(day.of(app), out),
            Self::Groups(day) => groups(app, day.of(app), out),
            Self::Agreements(day) => agreements(app, day.of(app), out),
            Self::See(see) => see.run(app, out),
        }
    }
}

impl On {
    fn of(&self, app: &App) -> Date {
        self.on.unwrap_or_else(|| app.today())
    }
}

fn roles(out: Out) -> Outcome<()> {
    let mut rows = vec![];
    for (role, actions) in Policy::shipped().rows() {
        for action in Action::ALL {
            let kinds = actions.get(&action).into_iter().flatten();
            let kinds: Vec<&str> = kinds.map(String::as_str).collect();
            if !kinds.is_empty() {
                rows.push(vec![
                    role.to_owned(),
                    action.name().to_owned(),
                    kinds.join(", "),
                ]);
            }
        }
    }
    let lines: Vec<_> = rows
        .iter()
        .map(|r| json!({"role": r[0], "action": r[1], "kinds": r[2].split(", ").collect::<Vec<_>>()}))
        .collect();
    out.table(&lines, &["role", "action", "kinds"], &rows)
}

fn labels(day: Date, out: Out) -> Outcome<()> {
    let mut rows: Vec<Vec<String>> = vec![];
    let mut put = |policy: &str, what: &str, code: &str, says: &str| {
        rows.push([policy, what, code, says].map(str::to_owned).into());
    };
    for policy in Markings::shipped().all() {
        for level in policy.levels.iter().filter(|l| l.in_force(day)) {
            let held = policy.rank(&level.code) <= policy.rank(&policy.ceiling);
            let what = if held { "level" } else { "level not held here" };
            put(&policy.code, what, &level.code, &level.marking);
        }
        for control in policy.controls.iter().filter(|c| c.in_force(day)) {
            put(&policy.code, "control", &control.code, &control.meaning);
        }
        for category in policy.categories.iter().filter(|c| c.in_force(day)) {
            let what = if category.read_in {
                "category, read in"
            } else {
                "category"
            };
            put(&policy.code, what, &category.code, &category.name);
        }
    }
    let lines: Vec<_> = rows
        .iter()
        .map(|r| json!({"policy": r[0], "sort": r[1], "code": r[2], "says": r[3]}))
        .collect();
    out.table(&lines, &["policy", "sort", "code", "says"], &rows)
}

fn groups(app: &App, day: Date, out: Out) -> Outcome<()> {
    let world = app.store.world().map_err(symbolon_app::AppError::from)?;
    let members = |code: &String| -> Vec<String> {
        let nations = world.groups.members(code, day);
        nations.iter().map(ToString::to_string).collect()
    };
    let found: Vec<(&String, Vec<String>)> = world
        .groups
        .0
        .keys()
        .map(|code| (code, members(code)))
        .collect();
    let lines: Vec<_> = found
        .iter()
        .map(|(code, nations)| json!({"group": code, "on": day, "nations": nations}))
        .collect();
    let rows = found.iter().map(|(code, nations)| {
        vec![
            (*code).clone(),
            nations.len().to_string(),
            nations.join(" "),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    out.table(&lines, &["group", "nations", "who"], &rows)
}

fn agreements(app: &App, day: Date, out: Out) -> Outcome<()> {
    let world = app.store.world().map_err(symbolon_app::AppError::from)?;
    let (mut lines, mut rows) = (vec![], vec![]);
    for terms in &world.agreements {
        let in_force = terms.from <= day && terms.to.is_none_or(|to| day < to);
        lines.push(json!({"title": terms.title, "parties": terms.parties, "policy": terms.policy,
            "level": terms.level, "from": terms.from, "to": terms.to, "on": day, "in_force": in_force}));
        let parties: Vec<&str> = terms.parties.iter().map(String::as_str).collect();
        rows.push(vec![
            terms.title.clone(),
            parties.join(" "),
            format!("{} {}", terms.policy, terms.level),
            terms.from.to_string(),
            terms.to.map(|d| d.to_string()).unwrap_or_default(),
            if in_force { "yes" } else { "no" }.to_owned(),
        ]);
    }
    let heads = ["agreement", "parties", "up to", "from", "until", "in force"];
    out.table(&lines, &heads, &rows)
}

impl See {
    fn run(&self, app: &App, out: Out) -> Outcome<()> {
        let Some(kind) = symbolon_domain::kinds::by_code(&self.kind) else {
            return Err(
                Failure::new(USAGE, format!("there is no kind of record `{}`", self.kind))
                    .help("docs/reference/kinds.md lists them."),
            );
        };
        let (sees, visible) = app.seen_by(&app.system(), self.account, (kind.code, self.id))?;
        let mut lines = vec![
            format!("Sees it: {}", if sees { "yes" } else { "no" }),
            format!("Marking: {}", visible.marking),
            format!("For: {}", visible.summary),
        ];
        lines.extend(visible.why.iter().map(|w| format!("  {w}")));
        lines.extend(visible.kept_out.iter().map(|w| format!("Kept out: {w}")));
        let json = json!({"kind": kind.code, "id": self.id, "account": self.account, "sees": sees, "visible": visible});
        out.lines(&json, &lines)
    }
}
