//! A batch says of each package what a single determination says of it.

use super::Batch;
use crate::answer::Desk;
use crate::book::Rulebook;
use crate::cases;
use crate::columns::Columns;
use crate::source::Source;

#[test]
fn a_batch_agrees_with_single_determinations() {
    let source = Source::embedded();
    let book = Rulebook::load(&source).unwrap();
    let cases = cases::read(&source, &book.schema).unwrap();
    for assume in [false, true] {
        let mut packages: Vec<_> = cases.iter().map(|c| c.package.clone()).collect();
        packages.iter_mut().for_each(|p| p.assume = assume);
        let columns = Columns::of(&book.schema, &packages);
        let mut batch = Batch::new(&book, &columns);
        let mut desk = Desk::new(&book);
        let outcomes = batch.outcomes();
        let explained = batch.explain();
        let mut lines = explained.lines.iter().peekable();
        for (row, package) in packages.iter().enumerate() {
            let answer = desk.answer(package);
            assert_eq!(outcomes[row], answer.outcome, "{}", cases[row].name);
            for spoken in &answer.spoken {
                let line = lines.next().unwrap();
                assert_eq!(
                    (line.row as usize, line.verdict),
                    (row, spoken.verdict),
                    "{}",
                    cases[row].name
                );
                assert_eq!(explained.rule(&book, line).id, spoken.rule.id);
                let rows = spoken.values.iter().filter(|v| v.row.is_some()).count();
                assert_eq!(explained.values(&book, line).count(), rows);
                assert_eq!(explained.facts(line), spoken.facts);
            }
        }
        assert_eq!(lines.next(), None);
    }
}
