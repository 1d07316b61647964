//! What every handler shares, and how work leaves the async threads.

use crate::server::Settings;
use crate::view::language::carried;
use crate::{
    answer::TagKey, chart::Outline, chart::Outlines, pages::Lists, rate::Rates, rate::UnderWay,
};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use symbolon_app::{App, AppError, Snapshot};
use symbolon_exchange::shipped;

/// The site: application, settings, outlines of countries, request rates.
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    pub(crate) settings: Settings,
    pub(crate) rates: Rates,
    pub(crate) under_way: UnderWay,
    /// What tags of answers are made with.
    pub(crate) tags: TagKey,
    lists: Mutex<(Weak<Snapshot>, Option<Arc<Lists>>)>,
}

impl Site {
    pub(crate) fn new(app: Arc<App>, settings: Settings) -> Self {
        Self {
            tags: TagKey::new((app.around).random()),
            app,
            rates: Rates::default(),
            under_way: UnderWay::default(),
            settings,
            lists: Mutex::default(),
        }
    }

    /// Lists of choices made from a snapshot; made once for each.
    pub(crate) fn lists(&self, snapshot: &Arc<Snapshot>) -> Arc<Lists> {
        let mut kept = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let (of, Some(lists)) = &*kept
            && of.as_ptr() == Arc::as_ptr(snapshot)
        {
            return Arc::clone(lists);
        }
        let lists = Arc::new(Lists::of(snapshot));
        *kept = (Arc::downgrade(snapshot), Some(Arc::clone(&lists)));
        lists
    }

    /// Asks a use case. Over a local database the question is asked at once on this thread, of which
    /// there are more than cores (a hop to another costs more than most answers); over a network it
    /// goes to a thread that may wait.
    pub(crate) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        if self.app.store.local() {
            f(&self.app)
        } else {
            self.work(f).await
        }
    }

    /// Runs something long, or something that writes, on a thread that may wait.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let app = Arc::clone(&self.app);
        let spoken = carried(move || f(&app));
        match tokio::task::spawn_blocking(spoken).await {
            Ok(answer) => answer,
            Err(e) => Err(AppError::Internal(e.to_string())),
        }
    }
}

/// Country outlines, made once.
pub(crate) fn outlines() -> Arc<Outlines> {
    static OUTLINES: OnceLock<Arc<Outlines>> = OnceLock::new();
    let make = || {
        let shapes = shipped::shapes().iter().map(|s| Outline {
            iso3: s.iso3.as_str().to_owned(),
            name: s.name.to_owned(),
            x: s.x.into(),
            y: s.y.into(),
            path: s.path.to_owned(),
        });
        Arc::new(Outlines::new(shapes.collect(), shipped::view_box()))
    };
    Arc::clone(OUTLINES.get_or_init(make))
}
