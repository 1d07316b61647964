//! `export records`: records of any kind to a file, which `import records` takes back.

use super::to_file;
use crate::Outcome;
use crate::config::Global;
use crate::exit::{FAILED, Failure};
use crate::instance::Place;
use crate::output::{Out, grouped};
use clap::{Args, ValueEnum};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use symbolon_app::{App, AppError, exports::Asked};
use symbolon_exchange::{export::records::Sent, import::records::Format};
use symbolon_store::query::{RecordQuery, Test, Value};

/// Records of a kind.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon export records unit --format xlsx -o units.xlsx\n  symbolon export records partner --format ndjson -o - | head"
)]
pub struct Records {
    /// Code of the kind of record, such as `unit`
    kind: String,
    /// Only records about this partner, ISO code
    #[arg(long, value_name = "ISO3")]
    partner: Option<String>,
    /// Only records in this state
    #[arg(long)]
    state: Option<String>,
    /// Only records with these words in code or text
    #[arg(long)]
    q: Option<String>,
    /// Only records that held true on this day
    #[arg(long, value_name = "DAY")]
    as_of: Option<jiff::civil::Date>,
    /// Format of the file
    #[arg(long)]
    format: Form,
    /// File to write; `-` for stdout
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

/// Format of a file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Form {
    /// Comma-separated values
    Csv,
    /// A workbook with a notes sheet
    Xlsx,
    /// A list, as the API gives it
    Json,
    /// One record a line
    Ndjson,
}

impl Records {
    pub(super) fn run(self, global: &Global) -> Outcome<()> {
        let instance = Place::of(global).open_writer()?;
        let app = &instance.app;
        let sent = if self.output == Path::new("-") {
            self.write(app, BufWriter::new(std::io::stdout()))?
        } else {
            to_file(&self.output, self.force, |out| self.write(app, out))?
        };
        instance.signer.sign(app)?;
        if global.json && self.output != Path::new("-") {
            return Out::Json.json(&sent);
        }
        eprintln!(
            "Wrote {} records, SHA-256 {}.",
            grouped(sent.rows.cast_signed()),
            sent.sha256
        );
        Ok(())
    }

    fn write<W: Write + Send>(&self, app: &App, out: W) -> Outcome<Sent> {
        let viewer = app.system();
        let still = || Some(viewer.clone());
        let (query, address) = self.query();
        let asked = Asked {
            kind: app.export_kind(&viewer, &self.kind)?,
            query: &query,
            address: &address,
            format: match self.format {
                Form::Csv => Format::Csv,
                Form::Xlsx => Format::Xlsx,
                Form::Json => Format::Json,
                Form::Ndjson => Format::Ndjson,
            },
            still: &still,
        };
        app.export_records(&asked, out).map_err(|e| match e {
            AppError::Internal(text) => Failure::new(FAILED, text),
            e => e.into(),
        })
    }

    /// The question, and the address of the list that shows the same records.
    fn query(&self) -> (RecordQuery, String) {
        let mut query = RecordQuery::default();
        let mut parts = vec![];
        for (name, text) in [("partner", &self.partner), ("state", &self.state)] {
            if let Some(text) = text {
                query = query.when(name, Test::Is(Value::Text(text.clone())));
                parts.push(format!("{name}={}", super::encoded(text)));
            }
        }
        if let Some(q) = &self.q {
            query.words = q.split_whitespace().map(str::to_owned).collect();
            parts.push(format!("q={}", super::encoded(q)));
        }
        if let Some(day) = self.as_of {
            query.as_of = Some(day);
            parts.push(format!("as_of={day}"));
        }
        let mark = if parts.is_empty() { "" } else { "?" };
        (
            query,
            format!("/records/{}{mark}{}", self.kind, parts.join("&")),
        )
    }
}
