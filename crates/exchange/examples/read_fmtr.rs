//! Reads a training report and prints what was found: `read_fmtr FILE NAMES.csv [finding-code]`.

use std::{collections::HashMap, fs::File, time::Instant};
use symbolon_domain::country::{Iso3, fold_name};
use symbolon_exchange::import::fmtr::{self, Accounts, Countries};

struct Listed(HashMap<String, Iso3>, HashMap<Iso3, String>);

impl Countries for Listed {
    fn find(&self, printed: &str, _: Option<jiff::civil::Date>) -> Option<Iso3> {
        self.0.get(&fold_name(printed)).copied()
    }
    fn name(&self, iso3: Iso3) -> Option<&str> {
        self.1.get(&iso3).map(String::as_str)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let (file, names) = (
        args.get(1).ok_or("FILE is missing")?,
        args.get(2).ok_or("NAMES.csv is missing")?,
    );
    let mut listed = Listed(HashMap::new(), HashMap::new());
    for row in csv::Reader::from_path(names)?.records() {
        let row = row?;
        if let Ok(iso) = row[1].parse::<Iso3>() {
            listed.0.insert(fold_name(&row[0]), iso);
            listed.1.entry(iso).or_insert_with(|| row[0].to_owned());
        }
    }
    let accounts = Accounts::shipped()?;
    let (wanted, started) = (args.get(3), Instant::now());
    let summary = fmtr::read(
        File::open(file)?,
        file,
        &listed,
        &accounts,
        &mut |section| {
            for f in section
                .findings
                .iter()
                .filter(|f| Some(f.code.code()) == wanted.map(String::as_str))
            {
                println!(
                    "{:?} block {} p.{} {:?} [{}] => {} ({})",
                    f.row, f.block, f.page, f.partner, f.printed, f.read, f.confidence
                );
            }
            Ok(())
        },
    )?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{} rows in {seconds:.3} s, kinds {:?}, planned {}, blocks {}, overlays {}, programmes {:?}",
        summary.rows,
        summary.by_kind,
        summary.planned,
        summary.blocks,
        summary.overlays,
        summary.programs
    );
    println!("unknown countries: {:?}", summary.unknown_countries);
    for (report, r) in &summary.reports {
        println!("{report}: {r:?}");
    }
    for (code, n) in &summary.findings {
        println!("{:>7} {}", n, code.code());
    }
    Ok(())
}
