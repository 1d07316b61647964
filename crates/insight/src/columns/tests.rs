//! Every index must find what a walk over all rows finds.

use super::*;
use proptest::prelude::*;
use std::collections::HashMap;

const BOUNDS: Bounds = Bounds {
    partners: 4,
    accounts: 3,
    strings: 8,
};

/// Rows of two data sets.
fn rows(list: &[Row]) -> Rows {
    let mut rows = Rows::default();
    for (n, row) in list.iter().enumerate() {
        let dataset = if n * 3 < list.len() * 2 { 1 } else { 4 };
        rows.push(&Row {
            id: dataset << 32 | (n as i64 + 1),
            ..*row
        });
    }
    rows
}

fn any_row() -> impl Strategy<Value = Row> {
    let text = || 0u32..BOUNDS.strings as u32;
    let number = || prop_oneof![1 => Just(None), 4 => (-3i64..12).prop_map(Some)];
    let codes = (
        0u16..4,
        0u16..3,
        1999i16..2004,
        prop_oneof![5 => Just(0u8), 1 => 0u8..3],
        0u8..2,
        0u32..4,
    );
    let values = (
        number(),
        number(),
        prop_oneof![Just(i32::MIN), -4i32..9],
        -4i32..9,
    );
    (codes, values, (text(), text(), text(), text(), text())).prop_map(
        |(
            (partner, account, fiscal_year, kind, phase, findings),
            (quantity, cost_cents, start_day, end_day),
            (program, course, us_unit, unit, location),
        )| Row {
            id: 0,
            partner,
            fiscal_year,
            account,
            phase,
            kind,
            start_day,
            end_day,
            quantity,
            cost_cents,
            program,
            course,
            us_unit,
            unit,
            location,
            findings,
        },
    )
}

fn any_bits(bound: usize) -> impl Strategy<Value = Option<Bits>> {
    let set = proptest::collection::vec(0..bound as u32, 0..bound).prop_map(move |list| {
        let mut bits = Bits::below(bound);
        list.iter().for_each(|n| bits.insert(*n));
        bits
    });
    prop_oneof![3 => Just(None), 1 => set.prop_map(Some)]
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let codes = (
        proptest::sample::subsequence(vec![1i64, 2, 4], 0..=3),
        proptest::sample::subsequence(vec![0u8, 1, 2], 0..=3),
        proptest::option::of(0u8..2),
        proptest::option::of((1998i16..2004, 1998i16..2005)),
        proptest::option::of((-4i64..12, -4i64..13)),
        prop_oneof![2 => Just(0u32), 1 => 0u32..4],
    );
    let numbers = (
        any_bits(4),
        any_bits(3),
        any_bits(8),
        any_bits(8),
        any_bits(8),
        any_bits(8),
        any_bits(8),
    );
    (codes, numbers).prop_map(
        |(
            (datasets, kinds, phase, years, cost, findings),
            (partners, accounts, courses, us_units, units, locations, anywhere),
        )| Filter {
            datasets,
            kinds,
            phase,
            partners,
            accounts,
            years,
            courses,
            us_units,
            units,
            locations,
            anywhere,
            cost,
            findings,
        },
    )
}

/// Whether a row matches, part by part.
fn matches(f: &Filter, row: &Row) -> bool {
    let has = |set: &Option<Bits>, n: u32| set.as_ref().is_none_or(|s| s.has(n));
    f.datasets.contains(&(row.id >> 32))
        && (f.kinds.is_empty() || f.kinds.contains(&row.kind))
        && f.phase.is_none_or(|p| p == row.phase)
        && f.years
            .is_none_or(|(a, b)| (a..=b).contains(&row.fiscal_year))
        && f.cost
            .is_none_or(|(a, b)| row.cost_cents.is_some_and(|c| (a..=b).contains(&c)))
        && (f.findings == 0 || row.findings & f.findings != 0)
        && has(&f.partners, row.partner.into())
        && has(&f.accounts, row.account.into())
        && has(&f.courses, row.course)
        && has(&f.us_units, row.us_unit)
        && has(&f.units, row.unit)
        && has(&f.locations, row.location)
        && f.anywhere.as_ref().is_none_or(|s| {
            [row.course, row.us_unit, row.unit, row.location]
                .iter()
                .any(|n| s.has(*n))
        })
}

fn sort_value(sort: Sort, row: &Row) -> Option<i64> {
    match sort {
        Sort::Report => Some(row.id),
        Sort::Cost => row.cost_cents,
        Sort::Quantity => row.quantity,
        Sort::Start => (row.start_day != i32::MIN).then_some(row.start_day.into()),
        Sort::Year => Some(row.fiscal_year.into()),
        Sort::Partner => Some(row.partner.into()),
        Sort::Account => Some(row.account.into()),
        Sort::Text(TextColumn::Unit) => Some(row.unit.into()),
        Sort::Text(_) => Some(row.course.into()),
    }
}

const SORTS: [Sort; 9] = [
    Sort::Report,
    Sort::Cost,
    Sort::Quantity,
    Sort::Start,
    Sort::Year,
    Sort::Partner,
    Sort::Account,
    Sort::Text(TextColumn::Unit),
    Sort::Text(TextColumn::Course),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_filter_finds_and_sums_what_a_walk_finds(
        list in proptest::collection::vec(any_row(), 0..300), filter in any_filter(),
    ) {
        let columns = Columns::new(rows(&list), BOUNDS);
        let all: Vec<Row> = (0..list.len()).map(|i| columns.rows.at(i)).collect();
        let walked: Vec<&Row> = all.iter().filter(|r| matches(&filter, r)).collect();
        let matched = columns.matched(&filter);
        prop_assert_eq!(columns.ids(&matched), walked.iter().map(|r| r.id).collect::<Vec<_>>());
        prop_assert_eq!(matched.sums, Sums {
            rows: walked.len() as u64,
            quantity: walked.iter().filter_map(|r| r.quantity).sum(),
            cost_cents: walked.iter().filter_map(|r| r.cost_cents).sum(),
            without_cost: walked.iter().filter(|r| r.cost_cents.is_none()).count() as u64,
        });
    }

    #[test]
    fn a_page_is_the_part_of_a_full_sort(
        list in proptest::collection::vec(any_row(), 0..300), filter in any_filter(),
        sort in proptest::sample::select(SORTS.to_vec()), descending in any::<bool>(),
        offset in 0usize..200, limit in 0usize..40,
    ) {
        let columns = Columns::new(rows(&list), BOUNDS);
        let matched = columns.matched(&filter);
        let mut all: Vec<Row> = columns.ids(&matched).iter().filter_map(|id| columns.rows.row(*id)).collect();
        all.sort_by_key(|row| {
            let value = sort_value(sort, row);
            (value.is_none(), value.map(|v| if descending { -v } else { v }), row.id)
        });
        let wanted: Vec<i64> = all.iter().map(|r| r.id).skip(offset).take(limit).collect();
        prop_assert_eq!(columns.page(&matched, sort, descending, offset, limit), wanted);
    }

    #[test]
    fn a_ranking_counts_the_rows_of_training_done(
        list in proptest::collection::vec(any_row(), 0..300),
        datasets in proptest::sample::subsequence(vec![1i64, 2, 4], 0..=3),
        partner in proptest::option::of(0u16..5),
    ) {
        let columns = Columns::new(rows(&list), BOUNDS);
        let mut counted: HashMap<u32, Tally> = HashMap::new();
        for row in (0..list.len()).map(|i| columns.rows.at(i)) {
            if row.kind == 0 && row.phase == 0 && datasets.contains(&(row.id >> 32))
                && partner.is_none_or(|p| p == row.partner) {
                let tally = counted.entry(row.unit).or_default();
                tally.rows += 1;
                tally.quantity += row.quantity.unwrap_or(0);
                tally.cost_cents += row.cost_cents.unwrap_or(0);
            }
        }
        let mut counted: Vec<_> = counted.into_iter().collect();
        counted.sort_by_key(|(s, t)| (std::cmp::Reverse(t.rows), *s));
        prop_assert_eq!(columns.ranking(&datasets, partner, TextColumn::Unit).to_vec(), counted);
    }
}

#[test]
fn what_is_marked_and_read_again_is_found() {
    let mut rows = rows(&[Row::default(); 3]);
    rows.mark(1 << 32 | 2, 2);
    rows.reread(1 << 32 | 2, TextColumn::Unit, 5);
    let columns = Columns::new(rows, BOUNDS);
    let mut units = Bits::below(8);
    units.insert(5);
    let filter = Filter {
        datasets: vec![1],
        units: Some(units),
        findings: 2,
        ..Filter::default()
    };
    assert_eq!(columns.matched(&filter).sums.rows, 1);
}
