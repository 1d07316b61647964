//! Break-glass: a look beyond one's role in an emergency. With a reason and fresh proof, an hour at
//! most, told to every security officer, reviewed by one of them within 72 hours. Labels hold as ever, and
//! neither journal nor identities open.

use super::{Draft, Read, duties::Duty, events, events::Event};
use crate::{App, AppError, Result};
use symbolon_access::Viewer;
use symbolon_domain::{kinds::BreakGlass, record::RecordId};
use symbolon_store::query::{RecordQuery, Test, Value};

/// At most so long, in milliseconds.
const LONGEST: i64 = 60 * 60 * 1000;
/// Reviewed within, in milliseconds.
pub const REVIEW: i64 = 72 * 60 * 60 * 1000;
/// Characters of a reason.
const REASON: usize = 20;

/// A use with what became of it.
#[derive(Clone, Debug)]
pub struct GlassUse {
    /// The record.
    pub id: RecordId,
    /// What it was.
    pub glass: BreakGlass,
    /// Name of who looked.
    pub name: String,
    /// Whether it still goes on.
    pub open: bool,
    /// Whether it was reviewed.
    pub reviewed: bool,
    /// Whether the time for the review is over.
    pub overdue: bool,
}

impl App {
    /// Looks beyond one's role from now on; until when, milliseconds.
    pub fn break_glass(&self, viewer: &Viewer, reason: &str) -> Result<i64> {
        self.officer(viewer, Duty::BreakGlass)?;
        let account = viewer
            .account()
            .ok_or(AppError::SignIn("nobody is signed in"))?;
        self.require_step_up(viewer)?;
        let reason = reason.trim();
        if reason.chars().count() < REASON {
            return Err(AppError::Invalid(format!(
                "say why in at least {REASON} characters"
            )));
        }
        if let Some(until) = self.glass_of(account)? {
            return Ok(until);
        }
        let now = self.around.now_ms();
        let body = BreakGlass {
            account,
            reason: reason.to_owned(),
            opened: now,
            until: now + LONGEST,
            reviewed_by: None,
            review: String::new(),
        };
        let id = RecordId::from_random(self.around.random());
        self.put(
            viewer,
            &Draft {
                kind: "break_glass",
                id,
                version: 0,
                state: "open",
                body: &body,
                action: "break_glass.open",
                reason,
            },
        )?;
        self.identity.sessions.forget();
        events::send(Event::GlassBroken, viewer, &id.to_string());
        Ok(body.until)
    }

    fn open_glass(&self, account: RecordId) -> Result<Vec<Read<BreakGlass>>> {
        let query = RecordQuery::default()
            .when("account", Test::Is(Value::Text(account.to_string())))
            .when("state", Test::Is(Value::Text("open".to_owned())));
        let now = self.around.now_ms();
        let mut open = self.find_all::<BreakGlass>("break_glass", &query)?;
        open.retain(|g| g.body.until > now);
        Ok(open)
    }

    /// Until when an account looks beyond its role; `None` where it does not.
    pub fn glass_of(&self, account: RecordId) -> Result<Option<i64>> {
        Ok(self.open_glass(account)?.iter().map(|g| g.body.until).max())
    }

    /// Ends one's own use before its time.
    pub fn mend_glass(&self, viewer: &Viewer) -> Result<()> {
        let account = viewer
            .account()
            .ok_or(AppError::SignIn("nobody is signed in"))?;
        let now = self.around.now_ms();
        for glass in self.open_glass(account)? {
            let body = BreakGlass {
                until: now,
                ..glass.body
            };
            self.put(
                viewer,
                &Draft {
                    kind: "break_glass",
                    id: glass.id,
                    version: glass.version,
                    state: "ended",
                    body: &body,
                    action: "break_glass.end",
                    reason: "",
                },
            )?;
        }
        self.identity.sessions.forget();
        Ok(())
    }

    /// Every use, newest first, for those who review or see accounts.
    pub fn glass_uses(&self, viewer: &Viewer) -> Result<Vec<GlassUse>> {
        if !self.has_duty(viewer, Duty::See) && !self.has_duty(viewer, Duty::Review) {
            return Err(AppError::NotFound("page"));
        }
        let names = self.accounts(&self.system())?;
        let now = self.around.now_ms();
        let mut all = self.find_all::<BreakGlass>("break_glass", &RecordQuery::default())?;
        all.sort_by_key(|g| -g.body.opened);
        let of = |g: Read<BreakGlass>| {
            let reviewed = g.state == "reviewed";
            let name = names.iter().find(|(id, _)| *id == g.body.account);
            GlassUse {
                id: g.id,
                name: name.map(|(_, a)| a.name.clone()).unwrap_or_default(),
                open: g.state == "open" && g.body.until > now,
                reviewed,
                overdue: !reviewed && now - g.body.opened > REVIEW,
                glass: g.body,
            }
        };
        Ok(all.into_iter().map(of).collect())
    }

    /// How many uses wait for a review, and how many of them too long: the notice to security officers.
    pub fn glass_waiting(&self, viewer: &Viewer) -> Result<(usize, usize)> {
        if !self.has_duty(viewer, Duty::Review) {
            return Ok((0, 0));
        }
        let uses = self.glass_uses(viewer)?;
        let waiting = uses.iter().filter(|u| !u.reviewed);
        Ok((
            waiting.clone().count(),
            waiting.filter(|u| u.overdue).count(),
        ))
    }

    /// Sends a security event for each use whose review is overdue; for the server to call now and then.
    pub fn watch_glass(&self) -> Result<usize> {
        let uses = self.glass_uses(&self.system())?;
        let overdue = uses.iter().filter(|u| u.overdue);
        for glass in overdue.clone() {
            events::send(Event::GlassOverdue, &self.system(), &glass.id.to_string());
        }
        Ok(overdue.count())
    }

    /// Reviews somebody else's use.
    pub fn review_glass(&self, viewer: &Viewer, id: RecordId, review: &str) -> Result<()> {
        self.officer(viewer, Duty::Review)?;
        self.require_step_up(viewer)?;
        let glass = self.find::<BreakGlass>("break_glass", id)?;
        let glass = glass
            .filter(|g| g.state != "reviewed")
            .ok_or(AppError::NotFound("use"))?;
        if Some(glass.body.account) == viewer.account() {
            return Err(AppError::Duty(
                "this was your own use; another officer reviews it (R-21)",
            ));
        }
        if review.trim().chars().count() < REASON {
            return Err(AppError::Invalid(format!(
                "say what you found in at least {REASON} characters"
            )));
        }
        let now = self.around.now_ms();
        let body = BreakGlass {
            reviewed_by: viewer.account(),
            review: review.trim().to_owned(),
            until: glass.body.until.min(now),
            ..glass.body
        };
        self.put(
            viewer,
            &Draft {
                kind: "break_glass",
                id,
                version: glass.version,
                state: "reviewed",
                body: &body,
                action: "break_glass.review",
                reason: "",
            },
        )?;
        self.identity.sessions.forget();
        events::send(Event::GlassReviewed, viewer, &id.to_string());
        Ok(())
    }
}
