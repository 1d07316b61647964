//! One pass over a file: rows in batches, each judged against what is there, handed on in order.

use super::{Order, Report, Source, batch, over, refused_file};
use crate::{App, AppError, Result};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use symbolon_access::Viewer;
use symbolon_domain::{canonical, record::Record};
use symbolon_exchange::{
    guard::{GuardError, Meter},
    import::records::{Class, Draft, Finding, Reading, draft, rows},
};

/// Rows are looked up together in this number.
const BATCH: usize = 500;

/// Lines whose key stands in the file more than once, with the other line.
pub(super) type Twice = BTreeMap<u64, u64>;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    New,
    Changed,
    Same,
    Refused,
}

/// A row that was judged.
pub(super) struct Judged {
    pub outcome: Outcome,
    pub draft: Draft,
    /// The record as it shall be; absent where the row is refused.
    pub record: Option<Record>,
    /// What tells the row's record from others, hashed.
    pub keys: Vec<[u8; 16]>,
    /// What the plan says of the row.
    pub says: String,
}

impl Judged {
    /// Whether something of the row is not taken as it stands.
    pub(super) fn bad(&self) -> bool {
        self.outcome == Outcome::Refused
    }

    pub(super) fn refuse(&mut self, finding: Finding) {
        self.draft.findings.push(finding);
        self.outcome = Outcome::Refused;
        self.record = None;
        self.says.clear();
    }

    /// The row's part of the plan.
    fn digest(&self) -> u128 {
        digest(self.draft.line, self.outcome, &self.says)
    }
}

fn digest(line: u64, outcome: Outcome, says: &str) -> u128 {
    let hash = Sha256::digest(format!("{line} {outcome:?} {says}"));
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    u128::from_be_bytes(half)
}

/// A finished pass.
pub(super) struct Done {
    pub report: Report,
    pub twice: Twice,
}

/// Tells how far the bytes were read. Parts of a workbook are read out of order: then it is a sum.
struct Counting<'a> {
    inner: &'a mut dyn Source,
    bytes: u64,
    progress: &'a crate::load::Progress,
}

impl std::io::Read for Counting<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(out)?;
        self.bytes += n as u64;
        self.progress.bytes(self.bytes);
        Ok(n)
    }
}

impl std::io::Seek for Counting<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

pub(super) type EachJudged<'a> = dyn FnMut(&mut Judged) -> Result<()> + 'a;

struct Pass<'a> {
    app: &'a App,
    viewer: &'a Viewer,
    order: &'a Order<'a>,
    meter: &'a Meter<'a>,
    known: &'a Twice,
    batches: batch::Batches,
    /// Where each key was first seen.
    seen: HashMap<[u8; 16], u64>,
    twice: Twice,
    sum: u128,
    report: Report,
}

/// Runs passes until the rows that share a key are known; `each` gets the rows of the last one, and
/// `again` is called before it where there is more than one.
pub(super) fn settle(
    app: &App,
    viewer: &Viewer,
    input: &mut dyn Source,
    order: &Order<'_>,
    again: &mut dyn FnMut() -> Result<()>,
    each: &mut EachJudged<'_>,
) -> Result<Done> {
    let mut known = Twice::new();
    loop {
        let done = run(app, viewer, input, order, &known, each)?;
        if done.twice.len() == known.len() {
            return Ok(done);
        }
        known = done.twice;
        order.progress.restart();
        again()?;
    }
}

/// Runs a pass. `known` are the lines already found to share a key; `each` gets every row, in order.
pub(super) fn run(
    app: &App,
    viewer: &Viewer,
    input: &mut dyn Source,
    order: &Order<'_>,
    known: &Twice,
    each: &mut EachJudged<'_>,
) -> Result<Done> {
    let over = over(order.limits, order.progress);
    let meter = Meter::new(order.limits.parser_memory, Some(&over));
    let mut pass = Pass {
        app,
        viewer,
        order,
        meter: &meter,
        known,
        batches: batch::Batches::default(),
        seen: HashMap::new(),
        twice: known.clone(),
        sum: 0,
        report: Report {
            kind: order.kind.code.to_owned(),
            file: order.file.clone(),
            ..Report::default()
        },
    };
    let how = Reading {
        format: order.format,
        sheet: order.mapping.sheet(),
        limits: order.limits,
        meter: &meter,
    };
    let mut reader = draft::Reader::new(order.kind, order.mapping);
    let (mut batch, mut failed, mut checked) = (vec![], None, false);
    let input = Counting {
        inner: input,
        bytes: 0,
        progress: order.progress,
    };
    let read = rows(input, how, &mut |row| {
        let step = (|| {
            if !checked {
                checked = true;
                pass.fits(row.heads)?;
            }
            batch.push(reader.draft(&row));
            if batch.len() == BATCH {
                pass.judge(std::mem::take(&mut batch), each)?;
            }
            Ok(true)
        })();
        step.or_else(|e| {
            failed = Some(e);
            Ok(false)
        })
    });
    if let Some(e) = failed {
        return Err(e);
    }
    read.map_err(refused_file)?;
    pass.judge(batch, each)?;
    pass.finish()
}

impl Pass<'_> {
    /// Refuses a mapping that does not fit the columns.
    fn fits(&self, heads: &[String]) -> Result<()> {
        let faults = self.order.mapping.faults(self.order.kind, heads);
        if faults.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid(faults.join("; ")))
        }
    }

    fn judge(&mut self, drafts: Vec<Draft>, each: &mut EachJudged<'_>) -> Result<()> {
        let size: u64 = drafts.iter().map(Draft::size).sum();
        self.meter
            .take(size)
            .map_err(|r| refused_file(GuardError::from(r)))?;
        let n = drafts.len() as u64;
        let mut found = 0;
        for mut judged in self
            .batches
            .judge(self.app, self.viewer, self.order, drafts)?
        {
            self.once(&mut judged)?;
            self.count(judged.outcome);
            self.sum = self.sum.wrapping_add(judged.digest());
            found += judged.draft.findings.len() as u64;
            each(&mut judged)?;
            for finding in judged.draft.findings {
                match finding.class {
                    Class::Dropped => self.report.counts.dropped += 1,
                    Class::Later => self.report.counts.later += 1,
                    Class::Refused => {}
                }
                self.report.note(finding);
            }
        }
        self.meter.give(size);
        self.order.progress.add_rows(n, found);
        Ok(())
    }

    /// Refuses every row whose key stands in the file more than once, naming both lines.
    fn once(&mut self, judged: &mut Judged) -> Result<()> {
        let line = judged.draft.line;
        if let Some(other) = self.known.get(&line) {
            judged.refuse(twice(line, *other));
            return Ok(());
        }
        if judged.bad() {
            return Ok(());
        }
        // A key is held for every row: its hash, where it stood, and the table's own room.
        let room = 64 * judged.keys.len() as u64;
        self.meter
            .take(room)
            .map_err(|r| refused_file(GuardError::from(r)))?;
        let first = judged.keys.iter().find_map(|k| self.seen.get(k).copied());
        for key in &judged.keys {
            self.seen.entry(*key).or_insert(line);
        }
        if let Some(before) = first {
            self.twice.insert(before, line);
            self.twice.insert(line, before);
            judged.refuse(twice(line, before));
        }
        Ok(())
    }

    fn count(&mut self, outcome: Outcome) {
        let counts = &mut self.report.counts;
        counts.rows += 1;
        match outcome {
            Outcome::New => counts.new += 1,
            Outcome::Changed => counts.changed += 1,
            Outcome::Same => counts.same += 1,
            Outcome::Refused => counts.refused += 1,
        }
    }

    fn finish(mut self) -> Result<Done> {
        let mapping =
            canonical::to_vec(self.order.mapping).map_err(|e| AppError::Internal(e.to_string()))?;
        let c = self.report.counts;
        let mut hash = Sha256::new();
        hash.update(format!(
            "{} {} ",
            self.order.kind.code, self.order.file.sha256
        ));
        hash.update(mapping);
        hash.update(format!(
            " {} {} {} {} ",
            c.new, c.changed, c.same, c.refused
        ));
        hash.update(self.sum.to_be_bytes());
        self.report.plan = hex::encode(hash.finalize());
        self.report.findings.sort_by_key(|f| (f.line, f.column));
        Ok(Done {
            report: self.report,
            twice: self.twice,
        })
    }
}

fn twice(line: u64, other: u64) -> Finding {
    Finding {
        class: Class::Refused,
        line,
        column: 0,
        column_name: String::new(),
        code: "key-twice".to_owned(),
        message: format!(
            "lines {} and {} say something of the same record; keep one",
            line.min(other),
            line.max(other)
        ),
        text: String::new(),
    }
}
