//! Notes kept elsewhere: what was signed once must stay true for ever.

use crate::Outcome;
use crate::config::Global;
use crate::cosigning::Host;
use crate::exit::{FAILED, Failure, NOT_FOUND, TAMPERED, USAGE, io};
use crate::instance::Place;
use crate::output::Out;
use clap::Args;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Have the newest signed note kept elsewhere: in a file, cosigned by witnesses, or both.
#[derive(Debug, Args)]
pub struct Witness {
    /// Append it to this file; keep it where who runs the instance cannot change it
    #[arg(long, value_name = "FILE", required_unless_present = "cosigners")]
    to: Option<PathBuf>,
    /// Ask this host to cosign it (C2SP tlog-witness), with the key it publishes; may be given several times
    #[arg(long = "cosigner", value_name = "URL#KEY", value_parser = Host::read)]
    cosigners: Vec<Host>,
    /// So many of them must cosign; all where it is not given
    #[arg(long, value_name = "K", requires = "cosigners")]
    quorum: Option<usize>,
}

impl Witness {
    /// Has it kept.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let wanted = self.quorum.unwrap_or(self.cosigners.len());
        if wanted > self.cosigners.len() || self.quorum == Some(0) {
            let what = format!(
                "--quorum {wanted} of {} cosigners cannot be met",
                self.cosigners.len()
            );
            return Err(Failure::new(USAGE, what));
        }
        let instance = Place::of(global).open_reader()?;
        let app = &instance.app;
        let (checkpoint, mut note) = app.store.checkpoint()?.ok_or_else(|| {
            Failure::new(NOT_FOUND, "no checkpoint was signed yet")
                .help("symbolon journal checkpoint")
        })?;
        let bare = note.clone();
        let (mut lines, mut names, mut refused) = (vec![], vec![], vec![]);
        for host in &self.cosigners {
            match host.cosign(app, &bare, checkpoint.size) {
                Ok(cosigned) => {
                    note.push_str(&cosigned);
                    note.push('\n');
                    names.push(host.name());
                    lines.push(format!(
                        "{} cosigned {} entries",
                        host.name(),
                        checkpoint.size
                    ));
                }
                Err(failure) => refused.push(failure),
            }
        }
        let mut json =
            serde_json::json!({"size": checkpoint.size, "cosigned": names, "note": note});
        if let Some(to) = &self.to {
            let new = append(to, &note)?;
            json["file"] = serde_json::json!(to);
            json["appended"] = new.into();
            let to = to.display();
            lines.push(match new {
                true => format!(
                    "Appended the checkpoint over {} entries to {to}",
                    checkpoint.size
                ),
                false => format!("{to} holds the newest checkpoint already"),
            });
        }
        Out::of(global).lines(&json, &lines)?;
        // Whoever refuses is named on stderr also where enough others cosigned.
        refused.iter().for_each(|f| eprintln!("{}", f.message));
        if names.len() >= wanted {
            return Ok(());
        }
        let tampered = refused.iter().position(|f| f.code == TAMPERED);
        Err(match tampered {
            Some(at) => refused.swap_remove(at),
            None => Failure::new(
                FAILED,
                format!("{} of {wanted} wanted witnesses cosigned", names.len()),
            ),
        })
    }
}

/// Appends a note to a file where it is not there yet; whether it was not.
pub fn append(path: &Path, note: &str) -> Outcome<bool> {
    let before = read_or_nothing(path)?;
    if notes(&before).iter().any(|n| n == note) {
        return Ok(false);
    }
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(io(path))?;
    let gap = if before.is_empty() { "" } else { "\n" };
    file.write_all(format!("{gap}{note}").as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(io(path))?;
    Ok(true)
}

/// The text of a file; none where it is not there yet.
fn read_or_nothing(path: &Path) -> Outcome<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(e) => Err(io(path)(e)),
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

/// The notes of a file; none of one that is not there yet, where that may be.
pub fn notes_of(path: &Path, may_miss: bool) -> Outcome<Vec<String>> {
    let text = match may_miss {
        true => read_or_nothing(path)?,
        false => std::fs::read_to_string(path).map_err(io(path))?,
    };
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
