//! The real program, run in a directory of its own.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Header of a training report.
pub const HEADER: &str = "report_fiscal_years\tsource_group\tcountry\tprogram\tcourse_title\tus_unit\tstudent_unit\tstart_date\tend_date\tlocation\tquantity\ttotal_cost\tpage_number\n";

/// One row of it.
pub const ROW: &str = "2018_2019\tg\tMali\tPKO - Fiscal Year 2018 Department of State Training\tCourse\tUS\tUnit\t1/2/2018\t1/3/2018\tBamako\t3\t$400\t7\n";

/// The report that ships.
pub fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data/training-report/fmtr-fy1999-fy2019.tsv.zst")
}

/// An instance of its own, made by `init`.
pub struct Instance {
    /// A directory for files of the test; the instance lies in it.
    pub dir: tempfile::TempDir,
}

/// What a run said.
#[derive(Debug)]
pub struct Said {
    /// Exit code.
    pub code: i32,
    /// Results.
    pub out: String,
    /// Everything else.
    pub err: String,
}

impl From<Output> for Said {
    fn from(o: Output) -> Self {
        Self {
            code: o.status.code().unwrap_or(-1),
            out: String::from_utf8(o.stdout).unwrap(),
            err: String::from_utf8(o.stderr).unwrap(),
        }
    }
}

impl Said {
    /// The run must have ended so.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Results as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:#?}"))
    }
}

/// The program with these arguments and nothing of the tester's environment.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_symbolon"));
    command
        .args(args)
        .env_remove("SYMBOLON_DATA_DIR")
        .env_remove("SYMBOLON_DATABASE");
    command
}

/// Runs the program.
pub fn run(args: &[&str]) -> Said {
    command(args).output().unwrap().into()
}

impl Instance {
    /// A new one.
    pub fn new() -> Self {
        let instance = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        instance.run(&["init"]).ended(0);
        instance
    }

    /// Its directory.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Its database.
    pub fn database(&self) -> PathBuf {
        self.data().join("symbolon.sqlite")
    }

    /// Its key.
    pub fn key(&self) -> PathBuf {
        self.data().join("keys/signing.key")
    }

    /// Runs a command on it.
    pub fn run(&self, args: &[&str]) -> Said {
        let data = self.data();
        run(&[args, &["--data", data.to_str().unwrap()]].concat())
    }

    /// A file beside it.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// What is in it: data sets and the newest journal entry. A refused file changes neither.
    pub fn state(&self) -> (serde_json::Value, serde_json::Value) {
        let datasets = self.run(&["dataset", "list", "--json"]).ended(0).json();
        let entries = self
            .run(&["journal", "list", "--limit", "1", "--json"])
            .ended(0)
            .json();
        (datasets, entries)
    }
}

/// A server that says where it listens.
pub fn listening(mut command: std::process::Command) -> (std::process::Child, String) {
    use std::io::BufRead;
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let address = line.strip_prefix("Listening on http://").unwrap();
    let address = address.to_owned();
    (child, address)
}
