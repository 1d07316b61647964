//! An instance with the demonstration's data in a directory of its own, served on loopback to
//! accounts that are signed in.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use symbolon_app::{
    App, NewAccount,
    load::{self, FileInfo, Progress},
};
use symbolon_domain::{
    country::Iso3,
    kinds::{LicenceClass, Role, Source},
    label::Label,
};
use symbolon_exchange::{
    import::fmtr::Accounts,
    shipped::{self, Content, CountryNames},
};
use symbolon_store::{Surroundings, journal::SigningKey};
use symbolon_store_sql::SqlStore;
use symbolon_web::Settings;

/// Rates that a load run never meets.
const NO_LIMIT: (u32, u32) = (10_000_000, 10_000_000);

/// The real clock; randomness from a seed, since nothing here is secret.
pub(crate) fn surroundings() -> Surroundings {
    // A directory that is used again must not see the same numbers again.
    let state = AtomicU64::new(jiff::Timestamp::now().as_nanosecond() as u64);
    Surroundings {
        now: Arc::new(jiff::Timestamp::now),
        random: Arc::new(move |bytes| {
            for chunk in bytes.chunks_mut(8) {
                let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
            }
        }),
        key: Some(Arc::new(SigningKey::from_bytes(&[7; 32]))),
        secrets: Some(Arc::new([9; 32])),
    }
}

/// An application over the shipped data and, if more rows are wanted than ship, over a report that
/// repeats the shipped one. What an earlier run left in the directory is used as it is.
pub(crate) fn loaded(directory: &Path, rows: usize) -> Result<Arc<App>, Box<dyn Error>> {
    let file = directory.join("bench.sqlite");
    let there = file.exists();
    let store = SqlStore::sqlite(&file, surroundings())?;
    let app = Arc::new(App::new(Arc::new(store), surroundings()));
    if !there {
        load::reference(&app)?;
        if rows > 254_000 {
            long_report(&app, directory, rows)?;
        }
        load::demo(&app, &Progress::default(), &mut |_| ())?;
    }
    app.refresh();
    app.snapshot()?;
    Ok(app)
}

/// Loads the shipped report again and again, each time from other sources, as one report. It is
/// loaded first, so that it is the one that counts.
fn long_report(app: &App, directory: &Path, rows: usize) -> Result<(), Box<dyn Error>> {
    let training = shipped::datasets()
        .iter()
        .find(|d| d.meta.content == Content::Training)
        .ok_or("no training report ships")?;
    let mut bytes = training.bytes.to_vec();
    if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        bytes = zstd::decode_all(&bytes[..])?;
    }
    let text = String::from_utf8(bytes)?;
    let (heads, body) = text.split_once('\n').ok_or("an empty report")?;
    let path = directory.join("long.tsv");
    let mut out = BufWriter::new(std::fs::File::create(&path)?);
    writeln!(out, "{heads}")?;
    for n in 0..rows.div_ceil(body.lines().count()) {
        for line in body.lines() {
            let (year, rest) = line.split_once('\t').ok_or("a line without cells")?;
            writeln!(out, "{year}\tR{n}_{rest}")?;
        }
    }
    out.into_inner()?.sync_all()?;
    let info = FileInfo {
        name: "long.tsv".into(),
        title: "The shipped report, repeated".into(),
        code: "long-report".into(),
        source: Source {
            reference: String::new(),
            published: None,
            title: "Repeated".into(),
            publisher: "Benchmark".into(),
            url: String::new(),
            licence: "CC0".into(),
            credit: String::new(),
        },
        licence_class: LicenceClass::Open,
        limits: "Invented by repetition.".into(),
        label: Label::public("USA"),
    };
    let accounts = Accounts::shipped()?;
    let (file, system) = (std::fs::File::open(&path)?, app.system());
    let names = CountryNames::shipped();
    load::training(
        app,
        &system,
        file,
        &info,
        names,
        &accounts,
        &Progress::default(),
    )?;
    std::fs::remove_file(&path)?;
    Ok(())
}

/// So many accounts of desk officers, signed in; a cookie each.
pub(crate) fn cookies(app: &App, accounts: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let nation: Iso3 = "USA".parse()?;
    (0..accounts)
        .map(|n| {
            let new = NewAccount {
                name: format!("Reader {n}"),
                role: Role::DeskOfficer,
                nation,
                standing: None,
            };
            let id = app.add_account(&app.system(), &new)?;
            let token = app.sign_in(&app.sign_in_link(id)?)?.token;
            Ok(format!("symbolon={token}"))
        })
        .collect()
}

/// Serves it until the process ends, on so many threads; without a number on those of the program.
pub(crate) fn served(app: Arc<App>, threads: Option<&str>) -> Result<SocketAddr, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let settings = Settings {
        secure: false,
        user_rate: NO_LIMIT,
        address_rate: NO_LIMIT,
        at_once: u64::MAX,
        costly: symbolon_web::Costly::unlimited(),
        demonstration: false,
        ..Settings::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.map_or(Ok(symbolon_web::threads()), str::parse)?)
        .enable_all()
        .build()?;
    std::thread::spawn(move || {
        let stop = std::future::pending();
        if let Err(e) = runtime.block_on(symbolon_web::serve(app, listener, settings, stop)) {
            eprintln!("the server ended: {e}");
        }
    });
    Ok(address)
}
