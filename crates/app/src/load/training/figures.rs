//! The figures of a load, by name: what the data set page shows and what later loads look at.

use super::{Finished, Summary};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::training::{FindingCode, RowKind};

/// The figures of the load, by name; what the data set page shows.
pub(super) fn finished(
    summary: &Summary,
    years: &BTreeSet<i16>,
    covered: &BTreeSet<i64>,
    sha256: String,
    bytes: i64,
) -> Finished {
    let mut figures: BTreeMap<String, i64> = BTreeMap::new();
    let mut put = |name: String, n: u64| figures.insert(name, n.cast_signed());
    for kind in [
        RowKind::Training,
        RowKind::ProgramTotal,
        RowKind::CountryTotal,
        RowKind::Residue,
    ] {
        put(
            format!("rows.{}", kind.name()),
            summary.by_kind[kind as usize],
        );
    }
    put("rows.planned".to_owned(), summary.planned);
    put("blocks".to_owned(), summary.blocks);
    put("overlays".to_owned(), summary.overlays);
    for code in FindingCode::ALL {
        if let Some(n) = summary.findings.get(code) {
            put(format!("finding.{}", code.code()), *n);
        }
    }
    for (report, r) in &summary.reports {
        for (name, n) in [
            ("blocks", r.blocks),
            ("with_total", r.with_total),
            ("quantity_before", r.quantity_before),
            ("quantity_after", r.quantity_after),
            ("cost_before", r.cost_before),
            ("cost_moved", r.cost_moved),
            ("cost_after", r.cost_after),
        ] {
            put(format!("report.{report}.{name}"), n.into());
        }
    }
    let years = match (years.first(), years.last()) {
        (Some(a), Some(b)) if a == b => a.to_string(),
        (Some(a), Some(b)) => format!("{a}-{b}"),
        _ => String::new(),
    };
    let overlap = summary
        .reports
        .keys()
        .filter_map(|r| r.get(0..4)?.parse().ok())
        .any(|y: i64| covered.contains(&y));
    Finished {
        sha256,
        bytes,
        rows: summary.rows.cast_signed(),
        content: "training",
        counted: !overlap,
        years,
        summary: figures,
    }
}
