//! `account`: who may sign in.

mod held;

use crate::Outcome;
use crate::config::Global;
use crate::exit::{FAILED, Failure, NOT_FOUND, USAGE};
use crate::instance::Place;
use crate::output::Out;
use clap::{Args, Subcommand};
use symbolon_app::{App, NewAccount};
use symbolon_domain::{country::Iso3, kinds::Role, language::Language, record::RecordId};

/// Who may sign in.
#[derive(Debug, Subcommand)]
#[command(
    before_help = "Examples:\n  symbolon account add --name 'Ada Byron' --role auditor --nation USA\n  symbolon account link 3f0c...        a new one-time sign-in link\n  symbolon account standing 3f0c... --clearance US=controlled --programme '*' --duty releasing_officer"
)]
pub enum Account {
    /// Every account
    List,
    /// Add one and print its one-time sign-in link
    Add(Add),
    /// Print a one-time sign-in link of an account
    Link(Link),
    /// One account with its clearances and scope
    Show(Who),
    /// Set clearances and scope of an account: what is not named is no longer held
    Standing(held::Set),
    /// Choose the language of its pages: en, fr, es, ar or pt; without one, what the browser asks for
    Language(Tongue),
    /// Close one: it ends its sessions, tokens and links, and cannot be opened again
    Close(Act),
    /// Take its factors away and print a one-time sign-in link
    Reset(Act),
    /// End every session of an account
    SignOut(Who),
    /// Tie an account to a name at an identity provider
    Tie(Tie),
}

/// Add an account.
#[derive(Debug, Args)]
pub struct Add {
    /// Name shown beside what they do
    #[arg(long)]
    name: String,
    /// Role: desk_officer, auditor, administrator, ...
    #[arg(long, value_parser = role)]
    role: Role,
    /// Nation they serve, ISO 3166-1 alpha-3
    #[arg(long)]
    nation: Iso3,
    /// Address at which the instance is served
    #[arg(long, default_value = "http://127.0.0.1:7600", value_name = "URL")]
    address: String,
    #[command(flatten)]
    held: held::Held,
}

/// Make a link.
#[derive(Debug, Args)]
pub struct Link {
    /// Id of the account, as `account list` shows it
    id: String,
    /// Address at which the instance is served
    #[arg(long, default_value = "http://127.0.0.1:7600", value_name = "URL")]
    address: String,
}

/// Which account.
#[derive(Debug, Args)]
pub struct Who {
    /// Id of the account, as `account list` shows it
    id: RecordId,
}

/// An account and the language of its pages.
#[derive(Debug, Args)]
pub struct Tongue {
    #[command(flatten)]
    who: Who,
    /// Code of the language
    language: Option<Language>,
}

/// An account, and why.
#[derive(Debug, Args)]
pub struct Act {
    #[command(flatten)]
    who: Who,
    /// Why; it stands in the journal
    #[arg(long)]
    reason: String,
    /// Address at which the instance is served
    #[arg(long, default_value = "http://127.0.0.1:7600", value_name = "URL")]
    address: String,
}

/// An account and a name at a provider.
#[derive(Debug, Args)]
pub struct Tie {
    #[command(flatten)]
    who: Who,
    /// Issuer, exactly as the provider writes it
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// The subject there (`sub`), never an e-mail address
    #[arg(long)]
    subject: String,
}

/// The word for a role in files and on the command line.
pub fn role_name(role: Role) -> String {
    serde_json::to_value(role)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn role(text: &str) -> Result<Role, String> {
    let name = text.replace('-', "_");
    serde_json::from_value(serde_json::Value::String(name)).map_err(|e| e.to_string())
}

impl Account {
    /// Runs it.
    pub fn run(self, global: &Global) -> Outcome<()> {
        match self {
            Self::List => list(global),
            Self::Add(add) => add.run(global),
            Self::Show(who) => held::show(global, &who),
            Self::Standing(set) => set.run(global),
            Self::Link(link) => link.run(global),
            Self::Language(tongue) => done(global, "language set", tongue.who.id, |app| {
                app.choose_language(&app.system(), tongue.who.id, tongue.language)
            }),
            Self::Close(act) => done(global, "closed", act.who.id, |app| {
                app.close_account(&app.system(), act.who.id, &act.reason)
            }),
            Self::Reset(act) => act.reset(global),
            Self::SignOut(who) => done(global, "signed out", who.id, |app| {
                app.end_sessions(&app.system(), who.id)
            }),
            Self::Tie(tie) => done(global, "tied", tie.who.id, |app| {
                app.tie_identity(&app.system(), tie.who.id, &tie.issuer, &tie.subject)
            }),
        }
    }
}

/// Does something to an account, signs, and says so.
fn done(
    global: &Global,
    what: &str,
    id: RecordId,
    act: impl FnOnce(&App) -> symbolon_app::Result<()>,
) -> Outcome<()> {
    let instance = Place::of(global).open_writer()?;
    act(&instance.app)?;
    instance.signer.sign(&instance.app)?;
    let json = serde_json::json!({"account": id, "done": what});
    Out::of(global).lines(&json, &[format!("{id}: {what}")])
}

impl Act {
    fn reset(self, global: &Global) -> Outcome<()> {
        let instance = Place::of(global).open_writer()?;
        let app = &instance.app;
        let token = app.reset_account(&app.system(), self.who.id, &self.reason)?;
        instance.signer.sign(app)?;
        print_link(global, self.who.id, &self.address, &token)
    }
}

fn list(global: &Global) -> Outcome<()> {
    let instance = Place::of(global).open_reader()?;
    let accounts = instance.app.accounts(&instance.app.system())?;
    let json: Vec<_> = accounts
        .iter()
        .map(|(id, a)| serde_json::json!({"id": id, "name": a.name, "role": a.role, "nation": a.nation, "active": a.active}))
        .collect();
    let rows: Vec<Vec<String>> = accounts
        .iter()
        .map(|(id, a)| {
            let state = if a.active { "active" } else { "closed" };
            vec![
                id.to_string(),
                a.name.clone(),
                role_name(a.role),
                a.nation.to_string(),
                state.to_owned(),
            ]
        })
        .collect();
    Out::of(global).table(&json, &["id", "name", "role", "nation", "state"], &rows)
}

fn print_link(global: &Global, id: RecordId, address: &str, token: &str) -> Outcome<()> {
    let link = format!("{}/sign-in/{token}", address.trim_end_matches('/'));
    let json = serde_json::json!({"account": id, "link": link, "minutes": 30});
    eprintln!("The link signs in once, within 30 minutes.");
    Out::of(global).lines(&json, &[link])
}

impl Add {
    fn run(self, global: &Global) -> Outcome<()> {
        if self.name.trim().is_empty() {
            return Err(Failure::new(USAGE, "an account needs a name").help("--name 'Ada Byron'"));
        }
        let standing = self.held.read()?;
        let instance = Place::of(global).open_writer()?;
        let new = NewAccount {
            name: self.name,
            role: self.role,
            nation: self.nation,
            standing,
        };
        let id = instance.app.add_account(&instance.app.system(), &new)?;
        let token = instance.app.sign_in_link(id)?;
        instance.signer.sign(&instance.app)?;
        eprintln!("Added the account {id}.");
        print_link(global, id, &self.address, &token)
    }
}

impl Link {
    fn run(self, global: &Global) -> Outcome<()> {
        let instance = Place::of(global).open_writer()?;
        let accounts = instance.app.accounts(&instance.app.system())?;
        let found = accounts.iter().find(|(id, _)| id.to_string() == self.id);
        let Some((id, account)) = found else {
            return Err(
                Failure::new(NOT_FOUND, format!("there is no account {}", self.id))
                    .help("`symbolon account list` shows them."),
            );
        };
        if !account.active {
            return Err(Failure::new(FAILED, format!("the account {id} is closed")));
        }
        let token = instance.app.sign_in_link(*id)?;
        instance.signer.sign(&instance.app)?;
        print_link(global, *id, &self.address, &token)
    }
}
