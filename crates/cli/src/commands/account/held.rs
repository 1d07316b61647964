//! `account standing` and `account show`: clearances and scope of an account.

use super::{Who, done, role_name};
use crate::Outcome;
use crate::config::Global;
use crate::exit::{Failure, NOT_FOUND};
use crate::instance::Place;
use crate::output::Out;
use clap::Args;
use symbolon_app::identity::standing::StandingWords;
use symbolon_domain::kinds::Standing;

/// Clearances and scope; what is not named is not held.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "Clearances and scope (nothing named: what the role usually has; something named: that and nothing else)"
)]
pub struct Held {
    /// Marking policy and highest level, as US=controlled; may be given again
    #[arg(long = "clearance", value_name = "POLICY=LEVEL")]
    clearances: Vec<String>,
    /// government, contractor, other or unstated
    #[arg(long, value_name = "WHO")]
    employment: Option<String>,
    /// Programme; `*` for all; may be given again
    #[arg(long = "programme", value_name = "CODE")]
    programmes: Vec<String>,
    /// Partner it works on, three letters; may be given again; none: all
    #[arg(long = "partner", value_name = "ISO3")]
    partners: Vec<String>,
    /// Region it works on; may be given again
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// Category it is read in to, as VETTING; may be given again
    #[arg(long = "category", value_name = "CODE")]
    categories: Vec<String>,
    /// Duty beside the role, as releasing_officer; may be given again
    #[arg(long = "duty", value_name = "DUTY")]
    duties: Vec<String>,
    /// Mandate of oversight: `programmes; first day; first day no longer; order`; may be given again
    #[arg(long = "mandate", value_name = "TEXT")]
    mandates: Vec<String>,
    /// Partner it is kept from; may be given again
    #[arg(long = "not-partner", value_name = "ISO3")]
    denied_partners: Vec<String>,
    /// Programme it is kept from; may be given again
    #[arg(long = "not-programme", value_name = "CODE")]
    denied_programmes: Vec<String>,
}

impl Held {
    /// What is asked for; `None` where nothing is said.
    pub(super) fn read(&self) -> Outcome<Option<Standing>> {
        let words = StandingWords {
            clearances: self.clearances.join(","),
            employment: self.employment.clone().unwrap_or_default(),
            programmes: self.programmes.join(","),
            partners: self.partners.join(","),
            regions: self.regions.join(","),
            categories: self.categories.join(","),
            duties: self.duties.join(","),
            mandates: self.mandates.join("\n"),
            denied_partners: self.denied_partners.join(","),
            denied_programmes: self.denied_programmes.join(","),
        };
        if words == StandingWords::default() {
            return Ok(None);
        }
        Ok(Some(words.read()?))
    }
}

/// Set clearances and scope of an account: all of them at once.
#[derive(Debug, Args)]
pub struct Set {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    held: Held,
}

impl Set {
    /// Runs it.
    pub(super) fn run(self, global: &Global) -> Outcome<()> {
        let standing = self.held.read()?.unwrap_or_default();
        done(global, "standing set", self.who.id, |app| {
            app.set_standing(&app.system(), self.who.id, standing)
        })
    }
}

/// One account with what it holds.
pub(super) fn show(global: &Global, who: &Who) -> Outcome<()> {
    let instance = Place::of(global).open_reader()?;
    let accounts = instance.app.accounts(&instance.app.system())?;
    let Some((id, account)) = accounts.into_iter().find(|(id, _)| *id == who.id) else {
        return Err(
            Failure::new(NOT_FOUND, format!("there is no account {}", who.id))
                .help("`symbolon account list` shows them."),
        );
    };
    let words = StandingWords::of(&account.standing);
    let mut lines = vec![
        format!("{id}: {}", account.name),
        format!("Role: {}", role_name(account.role)),
        format!("Nation: {}", account.nation),
        format!("May sign in: {}", if account.active { "yes" } else { "no" }),
    ];
    let language = account
        .language
        .map_or("what the browser asks for", |l| l.own_name());
    lines.push(format!("Language: {language}"));
    lines.extend(words.lines().map(|(name, held)| format!("{name}: {held}")));
    let json = serde_json::json!({"id": id, "name": account.name, "role": account.role, "nation": account.nation,
        "active": account.active, "standing": account.standing,
        "language": account.language});
    Out::of(global).lines(&json, &lines)
}
