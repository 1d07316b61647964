//! Chain of command at a date in a forest of 100,000 units: the whole force under a unit, and those over one.

use std::error::Error;
use std::time::Instant;
use symbolon_screening::{Chain, Link};

/// Units of the forest.
const UNITS: u32 = 100_000;
/// Sub-units of a unit.
const UNDER: u32 = 8;
/// Units asked about for the upward figure.
const ASKED: u32 = 10_000;
/// The bar, milliseconds for one answer (issue 6).
const BAR_MS: f64 = 5.0;
const DAY: i32 = 15_000;

/// Every unit stood under its parent twice, with a gap between.
fn forest() -> Vec<Link> {
    let link = |unit: u32, (from, to): (i32, i32)| Link {
        unit,
        parent: (unit - 1) / UNDER,
        from,
        to,
    };
    let both = |unit: u32| {
        [
            link(unit, (i32::MIN, 10_000)),
            link(unit, (12_000, i32::MAX)),
        ]
    };
    (1..UNITS).flat_map(both).collect()
}

fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}

/// Prints the time to build, median and worst of fifty walks over the whole force, and the mean walk upward;
/// the bar is on the median, since others work on the machine.
pub fn run() -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let chain = Chain::build(forest());
    let links = 2 * (UNITS - 1);
    println!("index of {UNITS} units, {links} links: {:.1} ms", ms(begun));
    let mut walks = vec![];
    for _ in 0..50 {
        let begun = Instant::now();
        let found = chain.below(0, DAY).len();
        walks.push(ms(begun));
        if found != UNITS as usize - 1 {
            return Err(format!("{found} units under the first").into());
        }
    }
    walks.sort_by(f64::total_cmp);
    let (median, worst) = (walks[walks.len() / 2], walks[walks.len() - 1]);
    let begun = Instant::now();
    let asked = UNITS - ASKED..UNITS;
    let steps: usize = asked.map(|u| chain.above(u, DAY).len()).sum();
    let each = ms(begun) / f64::from(ASKED);
    println!(
        "the whole force under a unit: median {median:.2} ms, worst {worst:.2} ms (bar {BAR_MS} ms)"
    );
    println!("those over one: mean {each:.4} ms ({steps} steps)");
    if median < BAR_MS {
        Ok(())
    } else {
        Err("chain of command at a date".into())
    }
}
