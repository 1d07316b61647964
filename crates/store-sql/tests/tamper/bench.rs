//! The bench an attack is tried on: an untouched database, put back before every attack.

use crate::attacks::Attack;
use crate::fixture;
use crate::raw::{Raw, Table};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use symbolon_store::{Store, journal::Checkpoint, journal::Verification};
use symbolon_store_sql::SqlStore;

/// What became of an attack.
pub enum Outcome {
    /// Verification named it.
    Seen,
    /// The program would not even open the database.
    Refused,
    /// The engine did not let it happen, or it changed nothing that can be read.
    Nothing,
    /// It happened and nobody noticed.
    Unseen(String),
}

/// What became of a flipped byte.
pub struct Flipped {
    pub readable: bool,
    pub seen: bool,
    pub said: String,
}

/// Outcomes, counted.
#[derive(Default)]
pub struct Tally {
    pub seen: usize,
    refused: usize,
    nothing: usize,
    /// Unseen, and known to be.
    pub unseen: Vec<String>,
}

impl Tally {
    pub fn take(&mut self, attack: &Attack, outcome: Outcome) {
        match outcome {
            Outcome::Seen => self.seen += 1,
            Outcome::Refused => {
                self.seen += 1;
                self.refused += 1;
            }
            Outcome::Nothing => self.nothing += 1,
            Outcome::Unseen(said) => self.unseen.push(format!("{}: {said}", attack.name)),
        }
    }

    pub fn report(&self, engine: &str) {
        println!(
            "{engine}: {} attacks seen ({} of them: would not open), {} came to nothing, {} unseen",
            self.seen,
            self.refused,
            self.nothing,
            self.unseen.len()
        );
    }
}

enum Base {
    Sqlite {
        bytes: Vec<u8>,
        directory: tempfile::TempDir,
    },
    Postgres {
        url: String,
        copies: usize,
    },
}

pub struct Bench {
    base: Base,
    signed: Vec<Checkpoint>,
    tables: Vec<Table>,
    dump: Vec<String>,
}

fn open(path: &Path) -> symbolon_store::Result<SqlStore> {
    SqlStore::sqlite(path, symbolon_testkit::surroundings(2))
}

impl Bench {
    pub fn sqlite(more: usize) -> Self {
        let directory = symbolon_testkit::directory();
        let path = directory.path().join("base.sqlite");
        let store = SqlStore::sqlite(&path, symbolon_testkit::surroundings(1)).unwrap();
        let signed = fixture::fill(&store, more);
        drop(store);
        let mut raw = Raw::sqlite(&path).unwrap();
        raw.run("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        let (tables, dump) = describe(&mut raw);
        drop(raw);
        let base = Base::Sqlite {
            bytes: std::fs::read(&path).unwrap(),
            directory,
        };
        Self {
            base,
            signed,
            tables,
            dump,
        }
    }

    pub fn postgres(more: usize) -> Option<Self> {
        let url = symbolon_testkit::postgres_database()?;
        let store = SqlStore::postgres(&url, symbolon_testkit::surroundings(1)).unwrap();
        let signed = fixture::fill(&store, more);
        drop(store);
        let (tables, dump) = describe(&mut Raw::postgres(&url));
        Some(Self {
            base: Base::Postgres { url, copies: 0 },
            signed,
            tables,
            dump,
        })
    }

    pub fn engine(&self) -> &'static str {
        match self.base {
            Base::Sqlite { .. } => "SQLite",
            Base::Postgres { .. } => "PostgreSQL",
        }
    }

    pub fn tables(&self) -> Vec<Table> {
        self.tables.clone()
    }

    /// Sizes of the tree at each checkpoint.
    pub fn sizes(&self) -> Vec<u64> {
        self.signed.iter().map(|c| c.size).collect()
    }

    pub fn changed_partner(&self) -> String {
        symbolon_domain::record::RecordId::named("partner", "MLI").to_string()
    }

    pub fn bytes(&self) -> &[u8] {
        match &self.base {
            Base::Sqlite { bytes, .. } => bytes,
            Base::Postgres { .. } => &[],
        }
    }

    /// Every night all attacks on SQLite; else one of each group, and a fiftieth of the rest. On
    /// PostgreSQL, where each costs a copied database, groups evenly drawn, one attack of each. Every
    /// attack verifies the whole database, and kinds add tables: all attacks cost the square of the
    /// kinds.
    pub fn choose(&self, attacks: Vec<Attack>) -> Vec<Attack> {
        let nightly = std::env::var_os("SYMBOLON_NIGHTLY").is_some();
        match (self.engine(), nightly) {
            ("SQLite", true) => attacks,
            ("SQLite", false) => one_of_each_group(attacks),
            (_, true) => drawn_groups(attacks, 500),
            (_, false) => drawn_groups(attacks, 50),
        }
    }

    /// Verification of the untouched database, with its newest checkpoint as the outside witness.
    pub fn verify(&mut self) -> symbolon_store::Result<Verification> {
        let copy = self.copy();
        self.verify_copy(&copy)
    }

    /// A connection to an untouched copy, for attacks that must read first.
    pub fn read<T>(&mut self, f: impl FnOnce(&mut Raw) -> T) -> T {
        let copy = self.copy();
        f(&mut copy.raw().unwrap())
    }

    pub fn attack(&mut self, attack: &Attack) -> Outcome {
        let copy = self.copy();
        let mut raw = copy.raw().unwrap();
        if raw.run(&attack.sql).is_err() {
            return Outcome::Nothing;
        }
        let changed = attack.schema || raw.dump(&self.tables).as_ref() != Ok(&self.dump);
        copy.close(raw);
        if !changed {
            return Outcome::Nothing;
        }
        match self.verify_copy(&copy) {
            Ok(v) if v.exit_code() == 7 => Outcome::Seen,
            Ok(v) => Outcome::Unseen(format!("exit {} {:?}", v.exit_code(), v.unknown)),
            Err(_) => Outcome::Refused,
        }
    }

    /// Flips bits of one byte of the SQLite file.
    pub fn flip(&mut self, at: usize, mask: u8) -> Flipped {
        let copy = self.copy();
        let Copy::File(path) = &copy else {
            panic!("only a file has bytes")
        };
        let mut bytes = std::fs::read(path).unwrap();
        bytes[at] ^= mask;
        std::fs::write(path, bytes).unwrap();
        let read = Raw::sqlite(path)
            .map_err(|e| e.to_string())
            .and_then(|mut raw| raw.dump(&self.tables));
        let readable = read.as_ref() != Ok(&self.dump);
        let (seen, said) = match self.verify_copy(&copy) {
            Ok(v) => (v.exit_code() == 7, format!("exit {}", v.exit_code())),
            Err(e) => (true, e.to_string()),
        };
        Flipped {
            readable,
            seen,
            said,
        }
    }

    fn copy(&mut self) -> Copy {
        match &mut self.base {
            Base::Sqlite { bytes, directory } => {
                let path = directory.path().join("attacked.sqlite");
                for end in ["-wal", "-shm"] {
                    let _ = std::fs::remove_file(
                        directory.path().join(format!("attacked.sqlite{end}")),
                    );
                }
                std::fs::write(&path, bytes).unwrap();
                Copy::File(path)
            }
            Base::Postgres { url, copies } => {
                *copies += 1;
                let (server, name) = url.rsplit_once('/').unwrap();
                let copy = format!("{name}_{copies}");
                let mut client =
                    postgres::Client::connect(&format!("{server}/postgres"), postgres::NoTls)
                        .unwrap();
                client
                    .batch_execute(&format!("CREATE DATABASE {copy} TEMPLATE {name}"))
                    .unwrap();
                Copy::Database {
                    server: server.to_owned(),
                    name: copy,
                }
            }
        }
    }

    fn verify_copy(&self, copy: &Copy) -> symbolon_store::Result<Verification> {
        let store = match copy {
            Copy::File(path) => open(path)?,
            Copy::Database { .. } => {
                SqlStore::postgres(&copy.url(), symbolon_testkit::surroundings(2))?
            }
        };
        store.verify(None, self.signed.last())
    }
}

fn one_of_each_group(attacks: Vec<Attack>) -> Vec<Attack> {
    let mut groups = std::collections::HashSet::new();
    let chosen = |(i, a): &(usize, Attack)| groups.insert(a.group.clone()) || i % 50 == 3;
    let numbered = attacks.into_iter().enumerate();
    numbered.filter(chosen).map(|(_, a)| a).collect()
}

/// One attack of each group, of about so many groups.
fn drawn_groups(attacks: Vec<Attack>, most: usize) -> Vec<Attack> {
    let mut groups: BTreeMap<String, Vec<Attack>> = BTreeMap::new();
    for attack in attacks {
        groups.entry(attack.group.clone()).or_default().push(attack);
    }
    let step = groups.len().div_ceil(most).max(1);
    let drawn = groups.into_values().step_by(step).enumerate();
    let one = |(i, mut group): (usize, Vec<Attack>)| group.swap_remove((i % 2) * (group.len() / 2));
    drawn.map(one).collect()
}

fn describe(raw: &mut Raw) -> (Vec<Table>, Vec<String>) {
    let mut tables = raw.tables();
    // A short journal has no stored hashes; a test of its own attacks them.
    tables.retain(|t| t.name != "journal_tile" || t.rows > 0);
    for table in &tables {
        assert!(table.rows > 1, "{} has {} rows", table.name, table.rows);
    }
    let dump = raw.dump(&tables).unwrap();
    (tables, dump)
}

/// A copy to be attacked.
enum Copy {
    File(PathBuf),
    Database { server: String, name: String },
}

impl Copy {
    fn url(&self) -> String {
        match self {
            Self::File(_) => String::new(),
            Self::Database { server, name } => format!("{server}/{name}"),
        }
    }

    fn raw(&self) -> Result<Raw, String> {
        match self {
            Self::File(path) => Raw::sqlite(path).map_err(|e| e.to_string()),
            Self::Database { .. } => Ok(Raw::postgres(&self.url())),
        }
    }

    /// Ends the attacker's connection, all of its work in the file itself.
    fn close(&self, mut raw: Raw) {
        if matches!(raw, Raw::Sqlite(_)) {
            let _ = raw.run("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let Self::Database { server, name } = self
            && let Ok(mut client) =
                postgres::Client::connect(&format!("{server}/postgres"), postgres::NoTls)
        {
            let _ = client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}
