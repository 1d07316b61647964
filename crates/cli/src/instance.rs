//! An instance: data directory, keys, database, application.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{CONFLICT, FAILED, Failure, NOT_FOUND, USAGE, io};
use crate::keys::{self, Keys};
use crate::outward::Http;
use crate::signer::Signer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use symbolon_app::{
    App,
    identity::{Identities, Settings, oidc::Outward},
};
use symbolon_store::{Store, Surroundings, journal::SigningKey};
use symbolon_store_sql::{Older, SqlStore};

/// An open instance.
pub struct Instance {
    /// The application.
    pub app: Arc<App>,
    /// Signs checkpoints.
    pub signer: Signer,
}

/// Where an instance lies.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its directory.
    pub data: PathBuf,
    /// Its PostgreSQL database, where it is not SQLite in the directory.
    pub database: Option<String>,
}

impl Place {
    /// What the arguments say.
    pub fn of(global: &Global) -> Self {
        Self {
            data: global.data_dir().to_owned(),
            database: global.database.clone(),
        }
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.data.join("symbolon.sqlite")
    }

    /// Its keys.
    pub fn keys(&self) -> Keys {
        Keys::of(&self.data)
    }

    /// Whether an instance was made here.
    pub fn exists(&self) -> bool {
        match self.database {
            Some(_) => self.keys().key_file().exists() || self.keys().note_file().exists(),
            None => self.file().exists(),
        }
    }

    /// The address of its PostgreSQL database, where it has one.
    fn address(&self) -> Outcome<Option<&str>> {
        match self.database.as_deref() {
            Some(url) if !url.starts_with("postgres://") && !url.starts_with("postgresql://") => {
                Err(Failure::new(
                    USAGE,
                    "--database takes an address that begins with postgres://",
                )
                .help("For SQLite give the directory: --data DIR"))
            }
            address => Ok(address),
        }
    }

    pub(crate) fn store(&self, around: Surroundings) -> Outcome<SqlStore> {
        Ok(match self.address()? {
            Some(url) => SqlStore::postgres(url, around)?,
            None => SqlStore::sqlite(&self.file(), around)?,
        })
    }

    /// Its database, which an older program may have made.
    pub(crate) fn older(&self, around: Surroundings) -> Outcome<Older> {
        Ok(match self.address()? {
            Some(url) => Older::postgres(url, around)?,
            None => Older::sqlite(&self.file(), around)?,
        })
    }

    /// An empty file would become an empty database: what was in it must not be papered over.
    pub(crate) fn refuse_empty_file(&self) -> Outcome<()> {
        if self.database.is_none() && std::fs::metadata(self.file()).is_ok_and(|m| m.len() == 0) {
            return Err(Failure::new(
                FAILED,
                format!("{}: the database file is empty", self.file().display()),
            )
            .help("Put back a backup, or remove the file and the keys to begin anew."));
        }
        Ok(())
    }

    pub(crate) fn none_here(&self) -> Failure {
        Failure::new(
            NOT_FOUND,
            format!("there is no instance in {}", self.data.display()),
        )
        .help(format!(
            "Make one: symbolon init --data {}\nOr name the one you mean: --data DIR",
            self.data.display()
        ))
    }

    /// Opens what is there to read it; a missing key is no fault.
    pub fn open_reader(&self) -> Outcome<Instance> {
        if !self.exists() {
            return Err(self.none_here());
        }
        self.refuse_empty_file()?;
        self.open(self.keys().read()?)
    }

    /// Opens what is there to write to it. Without the key nothing can be sealed, so nothing is written.
    pub fn open_writer(&self) -> Outcome<Instance> {
        if !self.exists() {
            return Err(self.none_here());
        }
        self.refuse_empty_file()?;
        keys::check_directory(&self.data)?;
        let Some(key) = self.keys().read()? else {
            let path = self.keys().key_file();
            return Err(Failure::new(NOT_FOUND, format!("{}: the signing key is missing", path.display()))
                .help("Put it back from its own backup: without it nothing can be written that would verify."));
        };
        let key = self.settle_hand_over(key)?;
        let instance = self.open(Some(key))?;
        instance.signer.check(&instance.app)?;
        Ok(instance)
    }

    /// A hand-over that was interrupted: the journal says which key it is now under.
    fn settle_hand_over(&self, key: SigningKey) -> Outcome<SigningKey> {
        let Some(next) = self.keys().pending() else {
            return Ok(key);
        };
        let store = self.store(crate::surroundings::real(None, None))?;
        let note = store.checkpoint()?.map(|(_, note)| note);
        if note.is_some_and(|n| next.verifying().open(&n).is_ok()) {
            self.keys().use_next()?;
            return Ok(next);
        }
        self.keys().forget_next();
        Ok(key)
    }

    /// Makes a new instance; refuses where anything is.
    pub fn create(&self) -> Outcome<Instance> {
        let taken = |what: &Path| {
            Failure::new(
                CONFLICT,
                format!("{}: an instance is here already", what.display()),
            )
            .help("Choose another directory with --data, or use the one that is here.")
        };
        if self.file().exists() {
            return Err(taken(&self.file()));
        }
        if self.keys().key_file().exists() {
            return Err(taken(&self.keys().key_file()));
        }
        keys::make_directory(&self.data)?;
        keys::check_directory(&self.data)?;
        if self.database.is_some()
            && self
                .store(crate::surroundings::real(None, None))?
                .revision()?
                >= 0
        {
            return Err(
                Failure::new(CONFLICT, "the database holds an instance already")
                    .help("Give an empty database, or the directory with the keys of this one."),
            );
        }
        let key = self.keys().make()?;
        self.open(Some(key))
    }

    /// How people may come in: `identity.toml` beside the database, or what holds without it.
    fn identities(&self) -> Outcome<Identities> {
        let file = self.data.join("identity.toml");
        let text = match std::fs::read_to_string(&file) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read.map_err(io(&file))?,
        };
        let settings = Settings::parse(&text).map_err(|e| {
            Failure::new(USAGE, format!("{}: {e}", file.display()))
                .help("The guide to signing in (docs/guides/signing-in.md) shows every setting.")
        })?;
        let asks = !settings.provider.is_empty();
        let outward = asks.then(|| Arc::new(Http::new()) as Arc<dyn Outward>);
        Ok(Identities::new(settings, outward))
    }

    fn open(&self, key: Option<SigningKey>) -> Outcome<Instance> {
        // Only who may write may need to make the key of people's secrets.
        let secrets = crate::secrets::read(&self.data, key.is_some())?;
        let around = crate::surroundings::real(key, secrets);
        let store = Arc::new(self.store(around.clone())?);
        let app = Arc::new(App::with(store, around, self.identities()?));
        Ok(Instance {
            app,
            signer: Signer::new(self.keys()),
        })
    }
}
