//! What a file of figures must look like, and where a bad one is refused.

use super::*;

const HEAD: &str = "iso3,as_printed,year,period,measure,value,unit,note\n";

fn refused(text: &[u8]) -> (u64, u64, String) {
    match read(text, "aid.csv", &mut |_| Ok(())) {
        Err(ImportError::Form {
            line,
            column,
            problem,
            help,
            ..
        }) => {
            assert!(!help.is_empty());
            (line, column, problem)
        }
        other => panic!("not refused: {other:?}"),
    }
}

fn with_row(row: &str) -> Vec<u8> {
    format!("{HEAD}NGA,Nigeria,2010,FY2010,budget.FMF,1,USD thousand,\n{row}\n").into_bytes()
}

#[test]
fn figures_arrive_as_written() {
    let text =
        with_row("\"\",\"World, all\",1976,FY1976TQ,aid.obligations.current,-12.5,USD,aggregate");
    let mut seen = Vec::new();
    let rows = read(text.as_slice(), "aid.csv", &mut |o| {
        seen.push((
            o.line,
            o.iso3.map(|c| c.to_string()),
            o.value.to_owned(),
            o.is_aggregate(),
        ));
        Ok(())
    });
    assert_eq!(rows.unwrap(), 2);
    assert_eq!(seen[0], (2, Some("NGA".to_owned()), "1".to_owned(), false));
    assert_eq!(seen[1], (3, None, "-12.5".to_owned(), true));
}

#[test]
fn packed_files_are_unpacked() {
    let packed = zstd::encode_all(with_row("").as_slice(), 3).unwrap();
    assert_eq!(
        read(packed.as_slice(), "aid.csv.zst", &mut |_| Ok(())).unwrap(),
        1
    );
}

#[test]
fn other_heads_are_refused_at_their_column() {
    let (line, column, problem) = refused(b"iso3,name,year,period,measure,value,unit,note\n");
    assert_eq!((line, column), (1, 2));
    assert!(problem.contains("as_printed"));
    assert_eq!(refused(b"").0, 1);
}

#[test]
fn a_ragged_row_is_refused_with_its_line() {
    assert_eq!(refused(&with_row("NGA,Nigeria,2010,FY2010,m,1,USD")).0, 3);
    assert_eq!(
        refused(&with_row("NGA,Nigeria,2010,FY2010,m,1,USD,,extra")).0,
        3
    );
}

#[test]
fn values_that_are_no_plain_decimal_are_refused() {
    for value in ["", "$5", "\"1,000\"", "1e3", ".5", "5.", "NaN", "--1", "+1"] {
        let (line, column, _) =
            refused(&with_row(&format!("NGA,Nigeria,2010,2010,m,{value},USD,")));
        assert_eq!((line, column), (3, 6), "{value}");
    }
}

#[test]
fn a_period_must_be_of_its_year() {
    for period in ["FY2011", "2010TQ", "FY10", ""] {
        let (_, column, _) = refused(&with_row(&format!("NGA,Nigeria,2010,{period},m,1,USD,")));
        assert_eq!(column, 4, "{period}");
    }
    assert_eq!(refused(&with_row("NGA,Nigeria,20x0,2010,m,1,USD,")).1, 3);
}

#[test]
fn nul_bytes_and_foreign_encodings_are_refused_at_their_cell() {
    assert_eq!(refused(&with_row("NGA,Nig\0eria,2010,2010,m,1,USD,")).1, 2);
    let mut latin = with_row("").clone();
    latin.extend_from_slice(b"CIV,C\xf4te d'Ivoire,2010,2010,m,1,USD,\n");
    let (_, column, problem) = refused(&latin);
    assert_eq!(column, 2);
    assert!(problem.contains("UTF-8"));
}

#[test]
fn a_figure_without_country_must_say_why() {
    assert_eq!(refused(&with_row(",World,2010,2010,m,1,USD,")).1, 8);
    assert_eq!(refused(&with_row("nga,Nigeria,2010,2010,m,1,USD,")).1, 1);
}

#[test]
fn reading_stops_when_the_receiver_refuses() {
    let full = |_: Observation<'_>| Err(ImportError::Sink("the disk is full".to_owned()));
    let mut full = full;
    assert!(matches!(
        read(with_row("").as_slice(), "a", &mut full),
        Err(ImportError::Sink(_))
    ));
}
