//! Notes kept elsewhere: what was signed once must stay true for ever.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{Failure, NOT_FOUND, io};
use crate::instance::Place;
use crate::output::Out;
use clap::Args;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Append the newest signed note to a file.
#[derive(Debug, Args)]
pub struct Witness {
    /// The file; keep it where who runs the instance cannot change it
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl Witness {
    /// Appends it.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let instance = Place::of(global).open_reader()?;
        let (checkpoint, note) = instance.app.store.checkpoint()?.ok_or_else(|| {
            Failure::new(NOT_FOUND, "no checkpoint was signed yet")
                .help("symbolon journal checkpoint")
        })?;
        let before = match std::fs::read_to_string(&self.to) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(io(&self.to)(e)),
        };
        let new = !notes(&before).contains(&note);
        if new {
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&self.to)
                .map_err(io(&self.to))?;
            let gap = if before.is_empty() { "" } else { "\n" };
            file.write_all(format!("{gap}{note}").as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(io(&self.to))?;
        }
        let json = serde_json::json!({"file": self.to, "size": checkpoint.size, "appended": new});
        let line = match new {
            true => format!(
                "Appended the checkpoint over {} entries to {}",
                checkpoint.size,
                self.to.display()
            ),
            false => format!("{} holds the newest checkpoint already", self.to.display()),
        };
        Out::of(global).lines(&json, &[line])
    }
}

/// The notes in a file: blocks of text and signatures, blank lines between.
pub fn notes(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text
        .split("\n\n")
        .map(|p| p.trim_matches('\n'))
        .filter(|p| !p.is_empty())
        .collect();
    parts
        .chunks(2)
        .map(|pair| match pair {
            [text, signatures] => format!("{text}\n\n{signatures}\n"),
            _ => pair.concat(),
        })
        .collect()
}

/// The notes of a file.
pub fn notes_of(path: &Path) -> Outcome<Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(io(path))?;
    Ok(notes(&text))
}

/// The notes of a file, each with its place in it, to be held against the journal.
pub fn read(path: &Path) -> Outcome<Vec<(String, String)>> {
    let text = std::fs::read_to_string(path).map_err(io(path))?;
    let all = notes(&text);
    if all.is_empty() {
        return Err(Failure::new(
            NOT_FOUND,
            format!("{}: there is no note in it", path.display()),
        ));
    }
    let named = |(number, note)| (format!("witness note {number}"), note);
    Ok((1..).zip(all).map(named).collect())
}

#[cfg(test)]
mod tests {
    use super::notes;

    #[test]
    fn notes_come_back_as_they_were_written() {
        let one = "log\n1\nroot\n\n\u{2014} log sig\n";
        let two = "log\n2\nroot\n\n\u{2014} log sig\n";
        assert_eq!(notes(&format!("{one}\n{two}")), [one, two]);
        assert!(notes("\n\n").is_empty());
    }
}
