//! Columns in small: four rows, every kind of question.

use super::*;

fn columns() -> Columns {
    let mut columns = Columns::default();
    for (n, (year, cost, unit)) in [
        (2001, Some(500), 1),
        (2002, None, 2),
        (2003, Some(100), 1),
        (2003, Some(900), 3),
    ]
    .into_iter()
    .enumerate()
    {
        columns.push(&Row {
            id: 1 << 32 | (n as i64 + 1),
            fiscal_year: year,
            quantity: Some(2),
            cost_cents: cost,
            unit,
            start_day: i32::MIN,
            ..Row::default()
        });
    }
    columns
}

fn filter() -> Filter {
    Filter {
        datasets: vec![1],
        ..Filter::default()
    }
}

#[test]
fn sums_count_what_matches_and_say_what_has_no_cost() {
    let columns = columns();
    let found = columns.matched(&filter());
    assert_eq!(
        (
            found.rows.len(),
            found.quantity,
            found.cost_cents,
            found.without_cost
        ),
        (4, 8, 1500, 1)
    );
    assert_eq!(
        columns.page(&found, Sort::Report, false, 0, 2),
        [1 << 32 | 1, 1 << 32 | 2]
    );
    assert_eq!(
        columns.page(&found, Sort::Report, false, 4, 2),
        Vec::<i64>::new()
    );
}

#[test]
fn pages_of_a_sort_join_without_gap_and_missing_comes_last() {
    let columns = columns();
    let found = columns.matched(&filter());
    let page = |offset| columns.page(&found, Sort::Cost, true, offset, 1);
    let all: Vec<i64> = (0..4).flat_map(page).map(|id| id & 0xff).collect();
    assert_eq!(all, [4, 1, 3, 2]);
}

#[test]
fn rows_of_other_data_sets_are_never_counted() {
    let other = Filter {
        datasets: vec![2],
        ..Filter::default()
    };
    assert_eq!(columns().matched(&other), Matched::default());
}

#[test]
fn filters_narrow_together() {
    let mut units = Bits::below(4);
    units.insert(1);
    let narrow = Filter {
        units: Some(units),
        years: Some((2003, 2003)),
        ..filter()
    };
    assert_eq!(columns().matched(&narrow).rows.len(), 1);
    let cost = Filter {
        cost: Some((0, 600)),
        ..filter()
    };
    assert_eq!(columns().matched(&cost).rows.len(), 2);
}

#[test]
fn the_index_by_partner_finds_what_a_walk_finds() {
    let mut columns = columns();
    let mut partners = Bits::below(3);
    partners.insert(0);
    let own = Filter {
        partners: Some(partners),
        years: Some((2002, 2003)),
        ..filter()
    };
    let walked = columns.matched(&own);
    columns.settle(3);
    assert_eq!(columns.matched(&own), walked);
    assert_eq!(walked.rows.len(), 3);
    let nobody = Filter {
        partners: Some(Bits::below(3)),
        ..filter()
    };
    assert_eq!(columns.matched(&nobody).rows.len(), 0);
}

#[test]
fn the_most_frequent_strings_come_first() {
    let columns = columns();
    let top = columns.top(&columns.matched(&filter()), TextColumn::Unit, 2);
    assert_eq!((top[0].0, top[0].1.rows), (1, 2));
}
