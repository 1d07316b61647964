//! `journal`: what was done, by whom, and whether it is still what was signed.

mod rotate;
mod verify;
pub mod witness;

use crate::Outcome;
use crate::config::Global;
use crate::exit::{Failure, NOT_FOUND, OK};
use crate::instance::Place;
use crate::output::{Out, text, time};
use clap::{Args, Subcommand};
use symbolon_app::App;
use symbolon_store::journal::{EntryView, JournalFilter};

pub use verify::report;

/// The journal.
#[derive(Debug, Subcommand)]
#[command(
    before_help = "Examples:\n  symbolon journal list --action dataset. --limit 20\n  symbolon journal verify                     exit 0 sound, 7 tampering found, 8 cannot tell\n  symbolon journal witness --to /mnt/usb/witness\n  symbolon journal verify --witness /mnt/usb/witness"
)]
pub enum Journal {
    /// Entries, newest first
    List(List),
    /// One entry, whole
    Show {
        /// Its number
        seq: i64,
    },
    /// Sign the journal as it stands and print the note
    Checkpoint,
    /// Proof that an entry is in the signed journal, to be checked without this program
    Proof {
        /// Its number
        seq: i64,
    },
    /// Check the journal and every row
    Verify(verify::Verify),
    /// Hand the journal over to a new signing key; both sign that. Stop the server first
    RotateKey,
    /// Have the newest signed note kept elsewhere: in a file, or cosigned by witnesses
    Witness(witness::Witness),
}

/// Which entries.
#[derive(Debug, Args)]
pub struct List {
    /// Beginning of the actor's name
    #[arg(long, default_value = "")]
    actor: String,
    /// Action, or its beginning: `dataset.`
    #[arg(long, default_value = "")]
    action: String,
    /// Object, or its beginning: `partner/`
    #[arg(long, default_value = "")]
    object: String,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// The application shows so many at a time.
const PAGE: u32 = 200;

impl Journal {
    /// Runs it.
    pub fn run(self, global: &Global) -> Outcome {
        match self {
            Self::Verify(c) => return c.run(global),
            Self::Witness(c) => c.run(global)?,
            Self::RotateKey => rotate::run(global)?,
            Self::Checkpoint => checkpoint(global)?,
            Self::List(c) => c.run(global)?,
            Self::Show { seq } => show(global, seq)?,
            Self::Proof { seq } => proof(global, seq)?,
        }
        Ok(OK)
    }
}

impl List {
    fn run(self, global: &Global) -> Outcome<()> {
        let instance = Place::of(global).open_reader()?;
        let app = &instance.app;
        let mut filter = JournalFilter {
            actor: self.actor,
            action: self.action,
            object: self.object,
            limit: PAGE,
            ..JournalFilter::default()
        };
        let mut entries: Vec<EntryView> = vec![];
        while entries.len() < self.limit {
            let page = app.journal_entries(&app.system(), &filter)?;
            let full = page.len() == PAGE as usize;
            filter.before = page.last().map(|e| e.entry.seq);
            entries.extend(page);
            if !full {
                break;
            }
        }
        entries.truncate(self.limit);
        let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
        Out::of(global).table(
            &entries,
            &["entry", "time", "actor", "action", "object"],
            &rows,
        )
    }
}

fn row(view: &EntryView) -> Vec<String> {
    let (actor, action) = view
        .body
        .as_ref()
        .map(|b| (b.actor.clone(), b.action.clone()))
        .unwrap_or_default();
    vec![
        view.entry.seq.to_string(),
        time(view.entry.time),
        actor,
        action,
        view.entry.object.clone(),
    ]
}

fn entry(app: &App, seq: i64) -> Outcome<EntryView> {
    app.journal_entry(&app.system(), seq).map_err(|e| {
        let failure = Failure::from(e);
        match app.store.revision() {
            Ok(last) if failure.code == NOT_FOUND => {
                failure.help(format!("Entries go from 0 to {last}."))
            }
            _ => failure,
        }
    })
}

fn show(global: &Global, seq: i64) -> Outcome<()> {
    let instance = Place::of(global).open_reader()?;
    let view = entry(&instance.app, seq)?;
    let out = Out::of(global);
    let (who, what, why) = match &view.body {
        Some(b) => (b.actor.as_str(), b.action.as_str(), b.reason.as_str()),
        None => ("withheld", "", ""),
    };
    let mut lines = vec![
        format!("entry    {}", view.entry.seq),
        format!("time     {}", time(view.entry.time)),
        format!("actor    {who}"),
        format!("action   {what}"),
        format!(
            "object   {} version {}",
            view.entry.object, view.entry.version
        ),
        format!("reason   {why}"),
        format!("leaf     {}", view.leaf),
    ];
    if let Some(body) = &view.body {
        for (name, value) in [("before", &body.before), ("after", &body.after)] {
            lines.push(format!(
                "{name}\n{}",
                serde_json::to_string_pretty(value).unwrap_or_default()
            ));
        }
    }
    out.lines(&view, &lines)
}

fn proof(global: &Global, seq: i64) -> Outcome<()> {
    let instance = Place::of(global).open_reader()?;
    let view = entry(&instance.app, seq)?;
    let proof = instance.app.entry_proof(&view)?.ok_or_else(|| {
        Failure::new(NOT_FOUND, format!("no checkpoint covers entry {seq} yet"))
            .help("Sign one first: symbolon journal checkpoint")
    })?;
    // A proof is for programs: it is JSON in every mode.
    Out::Json.json(&proof)
}

fn checkpoint(global: &Global) -> Outcome<()> {
    let instance = Place::of(global).open_writer()?;
    instance.signer.sign(&instance.app)?;
    let head = instance
        .app
        .journal_head()?
        .ok_or_else(|| Failure::new(NOT_FOUND, "the journal is empty: there is nothing to sign"))?;
    match Out::of(global) {
        Out::Json => Out::Json.json(&head),
        _ => {
            text(&head.note)?;
            eprintln!("{} entries. Public key: {}", head.size, head.key);
            Ok(())
        }
    }
}
