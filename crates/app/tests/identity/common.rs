//! An instance with a clock that tests move, and people in it.

use std::sync::Arc;
use symbolon_access::Viewer;
use symbolon_app::{
    App, NewAccount,
    identity::{Argon2Cost, Identities, Settings},
    sign_in::Proof,
};
use symbolon_domain::{kinds::Role, record::RecordId};
use symbolon_store_sql::SqlStore;
use symbolon_testkit::Clock;

pub const PASSWORD: &str = "correct horse battery staple";

pub struct Instance {
    pub app: App,
    pub clock: Clock,
    _directory: tempfile::TempDir,
}

/// Settings with the cheapest hash the rules allow.
pub fn settings() -> Settings {
    Settings {
        argon2: Argon2Cost::FLOOR,
        ..Settings::default()
    }
}

pub fn sqlite() -> Instance {
    let directory = symbolon_testkit::directory();
    let (around, clock) = symbolon_testkit::clocked(1);
    let store = SqlStore::sqlite(&directory.path().join("s.sqlite"), around.clone()).unwrap();
    let app = App::with(Arc::new(store), around, Identities::new(settings(), None));
    Instance {
        app,
        clock,
        _directory: directory,
    }
}

/// One instance on SQLite, and one on PostgreSQL where there is a server.
pub fn instances() -> Vec<Instance> {
    let mut all = vec![sqlite()];
    if let Some(url) = symbolon_testkit::postgres_database() {
        let (around, clock) = symbolon_testkit::clocked(1);
        let store = SqlStore::postgres(&url, around.clone()).unwrap();
        all.push(Instance {
            app: App::with(Arc::new(store), around, Identities::new(settings(), None)),
            clock,
            _directory: symbolon_testkit::directory(),
        });
    }
    all
}

impl Instance {
    pub fn account(&self, role: Role, nation: &str) -> RecordId {
        let new = NewAccount {
            name: format!("Invented {role:?}"),
            role,
            nation: nation.parse().unwrap(),
            standing: None,
        };
        self.app.add_account(&self.app.system(), &new).unwrap()
    }

    /// Signs an account in by link; its session token.
    pub fn session(&self, account: RecordId) -> String {
        let link = self.app.sign_in_link(account).unwrap();
        self.app.sign_in(&link).unwrap().token
    }

    pub fn viewer(&self, token: &str) -> Option<Viewer> {
        self.app.viewer(token, "request").unwrap()
    }

    /// Somebody new who has just signed in.
    pub fn person(&self, role: Role, nation: &str) -> Viewer {
        let token = self.session(self.account(role, nation));
        self.viewer(&token).unwrap()
    }

    /// The code an authenticator app shows now.
    pub fn code(&self, key: &str) -> String {
        symbolon_testkit::totp(key, self.clock.now_ms())
    }

    /// Registers an app and a password; the app's key.
    pub fn enrol(&self, viewer: &Viewer, name: &str) -> (String, Vec<String>) {
        let enrolment = self.app.begin_totp(viewer).unwrap();
        let code = self.code(&enrolment.key);
        let codes = self
            .app
            .finish_totp(viewer, &enrolment.ticket, &code, "phone")
            .unwrap();
        self.app.set_password(viewer, name, PASSWORD).unwrap();
        (enrolment.key, codes)
    }

    pub fn by_code(&self, key: &str) -> Proof {
        Proof::Code(self.code(key))
    }
}
