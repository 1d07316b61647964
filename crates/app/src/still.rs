//! Long answers stop where the right to them ends: somebody looks several times a second whether it still
//! holds, on a thread of its own, so that whoever reads rows out of the database need not ask it meanwhile.

use crate::exports::may_take;
use crate::{App, AppError, DatasetRef, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use symbolon_access::Viewer;

/// Time between looks. With what sessions and labels may be old, a change binds within a second.
pub(crate) const LOOK: Duration = Duration::from_millis(100);

/// Who asks, now: nobody once the session, the token or the account is gone. Asked on another thread.
pub type Still<'a> = &'a (dyn Fn() -> Option<Viewer> + Sync);

/// Whether it still holds.
#[derive(Default)]
pub(crate) struct Right(AtomicBool);

impl Right {
    /// Whether the right has ended.
    pub(crate) fn ended(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The refusal of what goes on without a right.
    ///
    /// # Errors
    /// [`AppError::NotFound`] once it has ended.
    pub(crate) fn holds(&self) -> Result<()> {
        if self.ended() {
            Err(AppError::NotFound("export"))
        } else {
            Ok(())
        }
    }
}

/// Does something while another thread looks whether it may go on. Where it may not even begin, nothing is done.
pub(crate) fn while_it_holds<T>(
    may: impl Fn() -> bool + Sync,
    work: impl FnOnce(&Right) -> Result<T>,
) -> Result<T> {
    let right = Right::default();
    if !may() {
        return Err(AppError::NotFound("export"));
    }
    let (working, over) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let over = over;
            while over.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                if !may() {
                    right.0.store(true, Ordering::Relaxed);
                    return;
                }
            }
        });
        let done = work(&right);
        drop(working);
        done
    })
}

impl App {
    /// Whether somebody may still take the rows of all these data sets away.
    pub(crate) fn still_takes(&self, still: Still<'_>, datasets: &[&DatasetRef]) -> bool {
        let Some(viewer) = still() else { return false };
        let Ok(world) = self.store.world() else {
            return false;
        };
        datasets.iter().all(|dataset| {
            let found = self.store.get(&viewer, "dataset", dataset.id);
            let found = found.ok().flatten();
            found.is_some_and(|record| may_take(&world, &viewer, &record))
        })
    }
}
