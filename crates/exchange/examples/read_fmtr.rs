//! Reads a training report and prints what was found: `read_fmtr FILE [finding-code]`.

use std::{fs::File, time::Instant};
use symbolon_exchange::{
    import::fmtr::{self, Accounts},
    shipped::CountryNames,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let file = args.get(1).ok_or("FILE is missing")?;
    let accounts = Accounts::shipped()?;
    let (wanted, started) = (args.get(2), Instant::now());
    let summary = fmtr::read(
        File::open(file)?,
        file,
        CountryNames::shipped(),
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
