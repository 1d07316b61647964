//! Screening: accuracy on labelled tasks and speed on the same files, beside the peers of the anchors.
//!
//! `symbolon-bench screening --data DIR [--python PATH --scripts DIR] [--rounds 3]` measures; DIR holds
//! `names.tsv`, `queries.tsv`, `un_n.tsv`, `un_q.tsv`, `alias_cases.csv`, `name_pairs.csv` and `units.txt`,
//! made by the scripts of the anchors. `symbolon-bench screening fit --data DIR` fits the model on other
//! queries (`q_tune*.tsv`) and on the halves of the pairs that the measurement leaves out, and prints it.

mod files;
mod fit;
mod peers;
mod scorer;
mod speed;
mod tasks;

use crate::figures::{load_average, number, option};
use std::error::Error;
use std::path::Path;
use symbolon_screening::Index;

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let folder = Path::new(option(args, "--data").ok_or("--data DIR is needed")?);
    if args.get(1).is_some_and(|a| a == "fit") {
        return fit::run(folder);
    }
    let names = files::names(&folder.join("names.tsv"))?;
    println!("{} names; {}", names.len(), load_average());
    let rounds = number(option(args, "--rounds").unwrap_or("3"))?;
    let mut missed = vec![];
    let index = Index::build(names.clone());
    missed.extend(tasks::run(folder, &index)?);
    missed.extend(speed::run(folder, &names, rounds)?);
    if let (Some(python), Some(scripts)) = (option(args, "--python"), option(args, "--scripts")) {
        missed.extend(peers::run(
            folder,
            &index,
            python,
            Path::new(scripts),
            rounds,
        )?);
    }
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("\n").into())
    }
}
