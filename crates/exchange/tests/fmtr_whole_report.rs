//! The whole training report: the shipped file always, the raw public file where `SYMBOLON_DATA`
//! names the folder that holds it.

#![expect(clippy::unwrap_used, reason = "a test may stop where its data fail it")]

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    path::{Path, PathBuf},
};
use symbolon_domain::{
    country::{Iso3, fold_name},
    training::{Column, FindingCode, Phase, RowKind},
};
use symbolon_exchange::{
    import::{
        ImportError,
        fmtr::{self, Accounts, Countries, Section, Summary},
    },
    shipped::CountryNames,
};

/// Names of a CSV with the printed name first and the code second.
struct Listed(HashMap<String, Iso3>, HashMap<Iso3, String>);

impl Listed {
    fn load(path: &Path) -> Self {
        let mut listed = Self(HashMap::new(), HashMap::new());
        for row in csv::Reader::from_path(path).unwrap().records() {
            let row = row.unwrap();
            if let Ok(iso) = row[1].parse::<Iso3>() {
                listed.0.insert(fold_name(&row[0]), iso);
                listed.1.entry(iso).or_insert_with(|| row[0].to_owned());
            }
        }
        listed
    }
}

impl Countries for Listed {
    fn find(&self, printed: &str, _: Option<jiff::civil::Date>) -> Option<Iso3> {
        self.0.get(&fold_name(printed)).copied()
    }
    fn name(&self, iso3: Iso3) -> Option<&str> {
        self.1.get(&iso3).map(String::as_str)
    }
}

struct Nobody;

impl Countries for Nobody {
    fn find(&self, _: &str, _: Option<jiff::civil::Date>) -> Option<Iso3> {
        None
    }
    fn name(&self, _: Iso3) -> Option<&str> {
        None
    }
}

/// The folder of raw public files; a skip is said aloud.
fn raw() -> Option<PathBuf> {
    let folder = std::env::var_os("SYMBOLON_DATA")
        .map(PathBuf::from)
        .map(|d| d.join("fmtr"));
    let found = folder.filter(|f| f.join("fmtr_fy1999_2020.tsv.zst").exists());
    if found.is_none() {
        eprintln!("SKIPPED 1 test: SYMBOLON_DATA does not name the folder of raw public files");
    }
    found
}

fn read(path: &Path, countries: &dyn Countries, mut each: impl FnMut(Section)) -> Summary {
    let accounts = Accounts::shipped().unwrap();
    let file = File::open(path).unwrap();
    fmtr::read(file, "report.tsv.zst", countries, &accounts, &mut |s| {
        each(s);
        Ok(())
    })
    .unwrap()
}

/// Figures that do not depend on country names.
fn same_figures(s: &Summary) {
    assert_eq!(s.rows, 253_929);
    assert_eq!(s.by_kind, [244_413, 8_845, 149, 522]);
    assert_eq!(s.planned, 9_478);
    assert_eq!(s.programs, (3_060, 5));
    let fy2009 = s.reports["2009_2010"];
    assert_eq!(
        (
            fy2009.with_total,
            fy2009.quantity_before,
            fy2009.quantity_after
        ),
        (634, 540, 634)
    );
    assert_eq!(
        (fy2009.cost_before, fy2009.cost_moved, fy2009.cost_after),
        (295, 575, FY2009_COST)
    );
    let others = s
        .reports
        .iter()
        .filter(|(report, _)| *report != "2009_2010");
    let sum = others.fold((0, 0, 0), |(t, q, c), (_, r)| {
        (t + r.with_total, q + r.quantity_after, c + r.cost_after)
    });
    assert_eq!(sum, (8_211, 8_201, 8_200));
    for (code, n) in FINDINGS {
        assert_eq!(
            s.findings.get(code).copied().unwrap_or(0),
            *n,
            "{}",
            code.code()
        );
    }
}

/// Blocks of FY2009 whose cost agrees after repair, costs worked out included.
const FY2009_COST: u32 = 628;

const FINDINGS: &[(FindingCode, u64)] = &[
    (FindingCode::TotalQuantityDiffers, 10),
    (FindingCode::TotalMissing, 3),
    (FindingCode::CountryTotalDiffers, 6),
    (FindingCode::ColumnShift, 4_816),
    (FindingCode::CellUnreadable, 16),
    (FindingCode::Residue, 522),
    (FindingCode::Planned, 702),
    (FindingCode::PageCorrupt, 2),
];

#[test]
fn the_shipped_report_is_read_and_reconciled() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data/training-report/fmtr-fy1999-fy2019.tsv.zst");
    let mut corrected: BTreeMap<(String, String), BTreeMap<Iso3, u32>> = BTreeMap::new();
    let summary = read(&path, CountryNames::shipped(), |section| {
        let overlays = section
            .overlays
            .iter()
            .filter(|o| o.column == Column::Country);
        for row in overlays.map(|o| &section.rows[(o.row - section.rows[0].row) as usize]) {
            let cell = |c| row.printed.cell(c).to_owned();
            let key = (cell(Column::ReportFiscalYears), cell(Column::Country));
            *corrected
                .entry(key)
                .or_default()
                .entry(row.reading.partner.unwrap())
                .or_default() += 1;
        }
    });
    same_figures(&summary);
    assert_eq!(
        summary.unknown_countries.iter().collect::<Vec<_>>(),
        ["Indochina"]
    );
    let found: Vec<(&str, &str, &str, u32)> = corrected
        .iter()
        .flat_map(|((report, country), to)| {
            to.iter()
                .map(|(iso, n)| (report.as_str(), country.as_str(), iso.as_str(), *n))
        })
        .collect();
    let congo = "Congo, Republic of (Brazzaville)";
    let wanted = [
        ("2006_2007", "Benin", "BFA", 27),
        ("2012_2013", congo, "CIV", 14),
        ("2013_2014", congo, "CIV", 66),
        ("2019_2020", "Angola", "BEN", 221),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn every_row_block_and_country_agrees_with_the_makers_of_the_data() {
    let Some(raw) = raw() else { return };
    let path = raw.join("fmtr_fy1999_2020.tsv.zst");
    let names = Listed::load(&raw.join("country_names_to_iso3.csv"));
    let oracle = File::open(&path).unwrap();
    let oracle = zstd::stream::read::Decoder::new(oracle).unwrap();
    let mut oracle = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .from_reader(oracle)
        .into_records();
    let totals = oracle_totals(&raw.join("programme_totals_reconciliation.csv"));
    let mut sums: BTreeMap<[String; 3], (i64, i64)> = BTreeMap::new();
    let mut corrected: BTreeMap<(String, Iso3), u32> = BTreeMap::new();
    let mut planned = 0_u64;
    let summary = read(&path, &names, |section| {
        for row in &section.rows {
            let wanted = oracle.next().unwrap().unwrap();
            assert_eq!(&wanted[14], row.reading.kind.name(), "row {}", row.row);
            for (column, cell) in symbolon_domain::training::Column::ALL
                .iter()
                .zip(wanted.iter())
            {
                assert_eq!(row.printed.cell(*column), cell, "row {}", row.row);
            }
            let printed = wanted[13].parse::<Iso3>().ok();
            if printed != row.reading.partner {
                let key = (
                    format!("{} {}", &wanted[0], &wanted[2]),
                    row.reading.partner.unwrap(),
                );
                *corrected.entry(key).or_default() += 1;
            }
            planned += u64::from(
                row.reading.phase == Phase::Planned && row.reading.kind == RowKind::Training,
            );
        }
        for b in &section.blocks {
            let key = [b.source_group.clone(), b.country.clone(), b.program.clone()];
            let sum = sums.entry(key).or_default();
            sum.0 += b.quantity_before;
            sum.1 += b.cost_before.0;
        }
    });
    same_figures(&summary);
    assert_eq!(planned, summary.planned);
    for (key, (quantity, dollars)) in &totals {
        let (q, c) = sums[key];
        assert_eq!(q, *quantity, "{key:?}");
        assert!(
            (c - (dollars * 100.0).round() as i64).abs() <= 2,
            "{key:?}: {c} cents, {dollars} dollars"
        );
    }
    let iso = |s: &str| s.parse::<Iso3>().unwrap();
    let expected = BTreeMap::from([
        (("2006_2007 Benin".to_owned(), iso("BFA")), 27),
        (
            (
                "2012_2013 Congo, Republic of (Brazzaville)".to_owned(),
                iso("CIV"),
            ),
            14,
        ),
        (
            (
                "2013_2014 Congo, Republic of (Brazzaville)".to_owned(),
                iso("CIV"),
            ),
            66,
        ),
        (("2019_2020 Angola".to_owned(), iso("BEN")), 221),
    ]);
    assert_eq!(corrected, expected);
}

/// Sums of quantity and cost by source group, country and programme, made by others.
fn oracle_totals(path: &Path) -> BTreeMap<[String; 3], (i64, f64)> {
    let mut out = BTreeMap::new();
    for row in csv::Reader::from_path(path).unwrap().records() {
        let row = row.unwrap();
        let key = [row[1].to_owned(), row[2].to_owned(), row[3].to_owned()];
        out.insert(key, (row[5].parse().unwrap(), row[6].parse().unwrap()));
    }
    assert_eq!(out.len(), 8_834);
    out
}

#[test]
fn a_sink_that_refuses_ends_the_import() {
    let text = format!(
        "{}\n2024_2025\tg\tMali\tp\tc\t\t\t\t\t\t1\t2\t3\n",
        symbolon_domain::training::COLUMNS.join("\t")
    );
    let accounts = Accounts::shipped().unwrap();
    let refused = fmtr::read(text.as_bytes(), "f", &Nobody, &accounts, &mut |_| {
        Err(ImportError::Sink("full".to_owned()))
    });
    assert!(matches!(refused, Err(ImportError::Sink(why)) if why == "full"));
}
