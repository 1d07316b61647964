//! Why was this allowed? The determinations that the moves of a record stand on, rule by rule.

use crate::{App, AppError, Result, law::Cited};
use serde::Serialize;
use symbolon_access::Viewer;
use symbolon_domain::{kinds, record::RecordId};
use symbolon_store::journal::Saw;

/// A rule that spoke when a move was allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AllowedRule {
    /// Its id.
    pub rule: String,
    /// What it said: `met`, `lifted`, `noted`.
    pub verdict: String,
    /// What it says; empty where the rulebook no longer has it.
    pub says: String,
    /// Its clauses.
    pub clauses: Vec<Cited>,
    /// Whether it is a gate of the program or a rule of the law that decided here.
    pub decided: bool,
}

/// A move that passed a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Allowed {
    /// The move, for people.
    pub step: String,
    /// Who made it.
    pub by: String,
    /// When, milliseconds since 1970-01-01 UTC.
    pub at: i64,
    /// The journal entry.
    pub entry: i64,
    /// The determination: id and code.
    pub determination: (String, String),
    /// The facts it stood on, as `fact = value`.
    pub facts: Vec<String>,
    /// The rules that spoke.
    pub rules: Vec<AllowedRule>,
    /// The records it rested on, in the versions they then had.
    pub saw: Vec<Saw>,
}

impl App {
    /// Every move of a record that passed a gate, newest first, with the rules that let it pass.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer sees no such record.
    pub fn why_allowed(&self, viewer: &Viewer, kind: &str, id: &str) -> Result<Vec<Allowed>> {
        let versions = self.versions(viewer, kind, id)?;
        let def = kinds::by_code(kind).ok_or(AppError::NotFound("kind of record"))?;
        let mut out = vec![];
        for version in versions.iter().rev() {
            let Some(body) = &version.entry.body else {
                continue;
            };
            let kept = body
                .saw
                .iter()
                .find(|s| s.object.starts_with("determination/"));
            let Some(kept) = kept else { continue };
            let verb = body.action.rsplit_once('.').map_or("", |(_, verb)| verb);
            if super::table::gate(def.code, verb).is_none() {
                continue;
            }
            let id: RecordId = kept.object["determination/".len()..]
                .parse()
                .map_err(|_| AppError::NotFound("determination"))?;
            let Some(record) = self.store.get(viewer, "determination", id)? else {
                continue;
            };
            let lines = |field: &str| -> Vec<String> {
                let all = record.body[field].as_array().into_iter().flatten();
                all.filter_map(|l| l.as_str().map(str::to_owned)).collect()
            };
            out.push(Allowed {
                step: def.transition(verb).map_or(verb, |t| t.name).to_owned(),
                by: body.actor.split(" (").next().unwrap_or_default().to_owned(),
                at: version.entry.entry.time,
                entry: version.entry.entry.seq,
                determination: (id.to_string(), kept.code.clone()),
                facts: lines("facts"),
                rules: self.rules_told(&lines("rules"))?,
                saw: body.saw.clone(),
            });
        }
        Ok(out)
    }

    fn rules_told(&self, lines: &[String]) -> Result<Vec<AllowedRule>> {
        let law = self.law.current()?;
        let told = lines
            .iter()
            .filter_map(|l| l.split_once(": "))
            .map(|(rule, verdict)| {
                let known = law.book.rules.iter().find(|r| r.id == rule);
                let cites = known.map(|r| r.cites.as_slice()).unwrap_or_default();
                AllowedRule {
                    rule: rule.to_owned(),
                    verdict: verdict.to_owned(),
                    says: known.map_or(String::new(), |r| r.says.clone()),
                    clauses: cites
                        .iter()
                        .map(|c| Cited {
                            at: c.at.clone(),
                            url: c.url.clone(),
                        })
                        .collect(),
                    decided: matches!(verdict, "met" | "lifted"),
                }
            });
        let mut all: Vec<AllowedRule> = told.collect();
        all.sort_by_key(|r| !r.decided);
        Ok(all)
    }
}
