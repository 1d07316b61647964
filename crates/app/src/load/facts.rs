//! Loading flat facts: series and notifications.

use super::{
    FileInfo, Finished, Hashing, Loaded, Progress, check_code, dataset_change, rehearsed,
    same_file, source_of,
};
use crate::{App, AppError, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use symbolon_access::Viewer;
use symbolon_exchange::import::{ImportError, notification, observation};
use symbolon_store::{
    Loader, StoreError,
    facts::{Cell, NOTIFICATION, OBSERVATION},
};

/// Loads a file of series (`iso3,as_printed,year,period,measure,value,unit,note`): all or nothing.
pub fn observations(
    app: &App,
    viewer: &Viewer,
    packed: &[u8],
    info: &FileInfo,
    progress: &Progress,
) -> Result<Loaded> {
    flat(
        app,
        viewer,
        packed,
        info,
        "observation",
        progress,
        &mut |loader, text, years| {
            let mut row = 0;
            observation::read(text, &info.name, &mut |o| {
                row += 1;
                years.insert(o.year);
                progress.add_rows(1, 0);
                let t = Cell::Text;
                let partner = o.iso3.as_ref().map_or(Cell::Null, |p| t(p.as_str()));
                let year = Cell::Int(o.year.into());
                let cells = [
                    partner,
                    t(o.as_printed),
                    year,
                    t(o.period),
                    t(o.measure),
                    t(o.value),
                    t(o.unit),
                    t(o.note),
                ];
                loader
                    .put(&OBSERVATION, row, &cells)
                    .map_err(|e| ImportError::Sink(e.to_string()))
            })
        },
    )
}

/// Loads a file of section 36(b) facts: all or nothing.
pub fn notifications(
    app: &App,
    viewer: &Viewer,
    packed: &[u8],
    info: &FileInfo,
    progress: &Progress,
) -> Result<Loaded> {
    flat(
        app,
        viewer,
        packed,
        info,
        "notification",
        progress,
        &mut |loader, text, years| {
            let mut row = 0;
            notification::read(text, &info.name, &mut |n| {
                row += 1;
                years.insert(n.source_date.year());
                progress.add_rows(1, 0);
                let t = Cell::Text;
                let (source_date, related) = (
                    n.source_date.to_string(),
                    n.related_date.map(|d| d.to_string()),
                );
                let cells = [
                    t(n.transmittal),
                    t(n.legal_basis),
                    t(n.purchaser_as_printed),
                    n.iso3.as_ref().map_or(Cell::Null, |p| t(p.as_str())),
                    t(n.implementing_agency),
                    Cell::maybe(n.total_usd),
                    Cell::maybe(n.mde_usd),
                    Cell::maybe(n.other_usd),
                    t(n.amount_as_printed),
                    t(n.source_kind),
                    t(n.source_ref),
                    t(&source_date),
                    t(n.related_transmittal),
                    related.as_deref().map_or(Cell::Null, t),
                    t(n.summary),
                    t(n.contractor),
                ];
                loader
                    .put(&NOTIFICATION, row, &cells)
                    .map_err(|e| ImportError::Sink(e.to_string()))
            })
        },
    )
}

/// Reads rows into the loader; returns how many.
type ReadInto<'a> = &'a mut (
            dyn FnMut(
    &mut dyn Loader,
    Box<dyn Read + Send + '_>,
    &mut BTreeSet<i16>,
) -> std::result::Result<u64, ImportError>
                + Send
        );

fn flat(
    app: &App,
    viewer: &Viewer,
    packed: &[u8],
    info: &FileInfo,
    content: &'static str,
    progress: &Progress,
    read: ReadInto<'_>,
) -> Result<Loaded> {
    let wrong = |source| {
        AppError::Import(ImportError::Read {
            file: info.name.clone(),
            source,
        })
    };
    let (sha256, bytes) = Hashing::new(packed, Progress::default())
        .finish()
        .map_err(wrong)?;
    if let Some(loaded) = same_file(app, &sha256)? {
        return Ok(loaded);
    }
    let counted = Counting(packed, progress.clone(), 0);
    let text = unpacked(packed, counted).map_err(wrong)?;
    check_code(app, &info.code)?;
    let (source, new) = source_of(app, &info.source)?;
    let (mut refused, mut rehearsal) = (None, None);
    let written = app.store.load(
        viewer,
        Box::new(|loader: &mut dyn Loader| {
            new.into_iter().for_each(|change| loader.with(change));
            let mut years = BTreeSet::new();
            let rows = match read(loader, text, &mut years) {
                Ok(rows) => rows.cast_signed(),
                Err(e) => {
                    refused = Some(e);
                    return Err(StoreError::Cancelled("the file was refused".into()));
                }
            };
            let span = match (years.first(), years.last()) {
                (Some(a), Some(b)) => format!("{a}-{b}"),
                _ => String::new(),
            };
            let done = Finished {
                sha256: sha256.clone(),
                bytes,
                rows,
                content,
                counted: true,
                years: span,
                summary: BTreeMap::new(),
            };
            let roots = loader.roots()?;
            let change = dataset_change(info, source, loader.dataset(), roots, done)
                .map_err(|e| StoreError::Invalid(e.to_string()))?;
            if progress.rehearsing() {
                rehearsal = rehearsed(&change);
                return Err(StoreError::Cancelled("a dry run".into()));
            }
            Ok(change)
        }),
    );
    match (written, refused, rehearsal) {
        (Err(_), Some(e), _) => Err(e.into()),
        (Err(_), None, Some(loaded)) => Ok(loaded),
        (Err(e), None, None) => Err(e.into()),
        (Ok(written), ..) => {
            app.refresh();
            let mut loaded = same_file(app, &sha256)?.ok_or(AppError::NotFound("data set"))?;
            (loaded.changed, loaded.seq) = (true, written.seq);
            Ok(loaded)
        }
    }
}

/// Bytes that tell how far they are read.
struct Counting<'a>(&'a [u8], Progress, u64);

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.1.stopped() {
            return Err(std::io::Error::other("stopped; nothing was kept"));
        }
        let n = self.0.read(buffer)?;
        self.2 += n as u64;
        self.1.bytes(self.2);
        Ok(n)
    }
}

/// The text of a file, unpacked where it is Zstandard.
fn unpacked<'a>(packed: &[u8], read: Counting<'a>) -> std::io::Result<Box<dyn Read + Send + 'a>> {
    if packed.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Ok(Box::new(zstd::Decoder::new(read)?))
    } else {
        Ok(Box::new(read))
    }
}
