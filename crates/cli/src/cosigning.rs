//! Witnesses that are asked over HTTP to cosign checkpoints, C2SP `tlog-witness`.

use crate::Outcome;
use crate::exit::{FAILED, Failure, TAMPERED};
use crate::outward;
use base64ct::{Base64, Encoding};
use symbolon_app::App;
use symbolon_store::journal::Cosigner;

/// An answer is no longer, bytes.
const LONGEST: u64 = 64 * 1024;
/// A cosignature may be so much older or newer than our clock, seconds.
const APART: u64 = 300;
/// A witness is asked so often for one checkpoint: it says once how much it has seen, and somebody else may come between.
const TRIES: usize = 3;

/// A witness: where it is asked, and the key it cosigns with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    url: String,
    key: Cosigner,
}

impl Host {
    /// `URL#KEY`, the key as the witness publishes it: `name+id+base64`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let (url, key) = text
            .split_once('#')
            .ok_or("a witness over HTTP is URL#KEY, with the key it publishes")?;
        let url = url.trim_end_matches('/');
        let near = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
        if !url.starts_with("https://") && !near.iter().any(|n| url.starts_with(n)) {
            return Err("a witness is asked over https://".to_owned());
        }
        let key = Cosigner::from_line(key).ok_or("this is no key of a witness (name+id+base64)")?;
        let url = url.to_owned();
        Ok(Self { url, key })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.key.name()
    }

    /// Asks it to cosign a note; the line of its cosignature.
    ///
    /// # Errors
    /// It cannot be asked, refuses, has seen what the journal does not hold, or answers with what is no cosignature.
    pub fn cosign(&self, app: &App, note: &str, size: u64) -> Outcome<String> {
        let mut seen = 0;
        for _ in 0..TRIES {
            let request = asking(app, note, (seen, size))?;
            match self.ask(&request)? {
                (200, answer) => return self.checked(app, note, &answer),
                (409, answer) => seen = self.seen(&answer, size)?,
                (status, answer) => return Err(self.refused(status, &answer)),
            }
        }
        Err(self.failed("it says each time that it has seen another size"))
    }

    fn failed(&self, what: &str) -> Failure {
        Failure::new(FAILED, format!("witness {}: {what}", self.name()))
    }

    fn refused(&self, status: u16, answer: &str) -> Failure {
        let said: String = answer
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        if status == 422 {
            let what = format!(
                "witness {}: it does not find the journal consistent with what it cosigned: {said}",
                self.name()
            );
            return Failure::new(TAMPERED, what)
                .help("`symbolon journal verify` names faults; ask the witness for the checkpoint it has.");
        }
        self.failed(&format!("it refuses ({status}): {said}"))
    }

    /// The size a witness has seen, of an answer that says so.
    fn seen(&self, answer: &str, size: u64) -> Outcome<u64> {
        let seen: u64 = answer
            .trim_end_matches('\n')
            .parse()
            .map_err(|_| self.failed("it does not say which size it has seen"))?;
        if seen > size {
            let what = format!(
                "witness {} has cosigned {seen} entries, and the journal holds {size}: it was cut or rolled back",
                self.name()
            );
            return Err(Failure::new(TAMPERED, what));
        }
        Ok(seen)
    }

    fn ask(&self, request: &str) -> Outcome<(u16, String)> {
        let url = format!("{}/add-checkpoint", self.url);
        let sent = outward::agent()
            .post(&url)
            .content_type("text/plain")
            .send(request);
        let mut answer = sent.map_err(|e| self.failed(&e.to_string()))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(LONGEST).read_to_vec();
        let body = body.map_err(|e| self.failed(&e.to_string()))?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    /// The line by which it cosigned, of now.
    fn checked(&self, app: &App, note: &str, answer: &str) -> Outcome<String> {
        let (line, time) = self.key.cosigned(note, answer).map_err(|_| {
            self.failed("its answer is no cosignature of the checkpoint by its key")
        })?;
        let now = app.around.now_ms().unsigned_abs() / 1000;
        if time.abs_diff(now) > APART {
            return Err(self.failed("its cosignature is not of now: one of the clocks is wrong"));
        }
        Ok(line)
    }
}

/// The body of a request: the size the witness has seen, the proof from there, the note.
fn asking(app: &App, note: &str, (seen, size): (u64, u64)) -> Outcome<String> {
    let proof = match seen {
        0 => vec![],
        seen if seen == size => vec![],
        seen => app.store.consistency(seen, size)?.ok_or_else(|| {
            let what = format!("there is no proof from {seen} to {size} entries");
            Failure::new(TAMPERED, what)
        })?,
    };
    let proof: String = proof
        .iter()
        .map(|hash| Base64::encode_string(hash) + "\n")
        .collect();
    Ok(format!("old {seen}\n{proof}\n{note}"))
}
