//! `export`: rows to a file; every export is journalled.

mod records;

use crate::Outcome;
use crate::config::Global;
use crate::exit::{FAILED, Failure, USAGE, io};
use crate::instance::Place;
use clap::{Args, Subcommand, ValueEnum};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use symbolon_app::TrainingAsk;
use symbolon_exchange::export::Sheet;

/// Write rows to a file.
#[derive(Debug, Subcommand)]
#[command(
    before_help = "Examples:\n  symbolon export training --country NGA --from 2010 --format csv -o nga.csv\n  symbolon export training --q 'counter terrorism' --format xlsx -o ct.xlsx\n  symbolon export training --country MLI --format csv -o - | head"
)]
pub enum Export {
    /// Rows of training reports: our reading and every printed cell
    Training(Training),
    /// Records of a kind, as `import records` takes them back
    Records(records::Records),
}

/// What to export; parts that are absent do not narrow. The names are the ones of the API.
#[derive(Debug, Args)]
pub struct Training {
    /// Words in course, units or place; spelling may be off
    #[arg(long)]
    q: Option<String>,
    /// ISO code of the country
    #[arg(long)]
    country: Option<String>,
    /// First fiscal year
    #[arg(long)]
    from: Option<i16>,
    /// Last fiscal year
    #[arg(long)]
    to: Option<i16>,
    /// Account code
    #[arg(long)]
    account: Option<String>,
    /// Words of the course title
    #[arg(long)]
    course: Option<String>,
    /// Words of the unit trained
    #[arg(long)]
    unit: Option<String>,
    /// Words of the unit that trains
    #[arg(long, alias = "us_unit")]
    us_unit: Option<String>,
    /// Words of the place
    #[arg(long)]
    place: Option<String>,
    /// Lowest cost, whole dollars
    #[arg(long, alias = "cost_min")]
    cost_min: Option<i64>,
    /// Highest cost, whole dollars
    #[arg(long, alias = "cost_max")]
    cost_max: Option<i64>,
    /// Finding code, or `any`
    #[arg(long)]
    finding: Option<String>,
    /// Kind of row: training, planned, program_total, country_total, residue, all
    #[arg(long)]
    kind: Option<String>,
    /// Code of the data set
    #[arg(long)]
    dataset: Option<String>,
    /// Format of the file
    #[arg(long)]
    format: Format,
    /// File to write; `-` for stdout
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

/// Format of a file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// Comma-separated values
    Csv,
    /// A workbook with a notes sheet
    Xlsx,
}

impl Export {
    /// Writes it.
    pub fn run(self, global: &Global) -> Outcome<()> {
        match self {
            Self::Training(c) => c.run(global),
            Self::Records(c) => c.run(global),
        }
    }
}

impl Training {
    fn run(self, global: &Global) -> Outcome<()> {
        let instance = Place::of(global).open_writer()?;
        let (ask, address) = (self.ask(), self.address());
        let app = &instance.app;
        let rows = if self.output == Path::new("-") {
            let out = BufWriter::new(std::io::stdout());
            write(app, &ask, &address, self.format, out)?
        } else {
            to_file(&self.output, self.force, |out| {
                write(app, &ask, &address, self.format, out)
            })?
        };
        instance.signer.sign(app)?;
        if global.json && self.output != Path::new("-") {
            return crate::output::Out::Json
                .json(&serde_json::json!({"rows": rows, "file": self.output, "filter": address}));
        }
        eprintln!("Wrote {} rows.", crate::output::grouped(rows.cast_signed()));
        Ok(())
    }

    fn ask(&self) -> TrainingAsk {
        TrainingAsk {
            q: self.q.clone(),
            country: self.country.clone(),
            from: self.from,
            to: self.to,
            account: self.account.clone(),
            course: self.course.clone(),
            unit: self.unit.clone(),
            us_unit: self.us_unit.clone(),
            place: self.place.clone(),
            cost_min: self.cost_min,
            cost_max: self.cost_max,
            finding: self.finding.clone(),
            kind: self.kind.clone(),
            dataset: self.dataset.clone(),
            ..TrainingAsk::default()
        }
    }

    /// The page that shows the same rows; stands in the notes sheet and in the journal.
    fn address(&self) -> String {
        let number = |n: Option<i64>| n.map(|n| n.to_string());
        let parts = [
            ("q", self.q.clone()),
            ("country", self.country.clone()),
            ("from", number(self.from.map(i64::from))),
            ("to", number(self.to.map(i64::from))),
            ("account", self.account.clone()),
            ("course", self.course.clone()),
            ("unit", self.unit.clone()),
            ("us_unit", self.us_unit.clone()),
            ("place", self.place.clone()),
            ("cost_min", number(self.cost_min)),
            ("cost_max", number(self.cost_max)),
            ("finding", self.finding.clone()),
            ("kind", self.kind.clone()),
            ("dataset", self.dataset.clone()),
        ];
        let given: Vec<String> = parts
            .iter()
            .filter_map(|(name, v)| Some(format!("{name}={}", encoded(v.as_deref()?))))
            .collect();
        match given.is_empty() {
            true => "/training".to_owned(),
            false => format!("/training?{}", given.join("&")),
        }
    }
}

/// Writes beside the place and moves there, so that no half file stands under the name.
fn to_file<T>(
    output: &Path,
    force: bool,
    write: impl FnOnce(BufWriter<File>) -> Outcome<T>,
) -> Outcome<T> {
    if output.exists() && !force {
        let message = format!("{}: the file exists", output.display());
        return Err(
            Failure::new(USAGE, message).help("Choose another name, or replace it: --force")
        );
    }
    let mut part = output.to_owned().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let file = File::create(&part).map_err(io(&part))?;
    match write(BufWriter::new(file)) {
        Ok(written) => {
            std::fs::rename(&part, output).map_err(io(output))?;
            Ok(written)
        }
        Err(e) => {
            let _ = std::fs::remove_file(&part);
            Err(e)
        }
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte.into())
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn write<W: Write + Send>(
    app: &symbolon_app::App,
    ask: &TrainingAsk,
    address: &str,
    format: Format,
    out: W,
) -> Outcome<u64> {
    let written =
        app.export_training(
            &|| Some(app.system()),
            ask,
            address,
            |heads, notes| match format {
                Format::Csv => Sheet::csv(out, heads),
                Format::Xlsx => Sheet::xlsx(out, heads, notes),
            },
        );
    written.map_err(|e| match e {
        symbolon_app::AppError::Internal(text) => Failure::new(FAILED, text),
        e => e.into(),
    })
}
