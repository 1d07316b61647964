//! Loading flat facts: series and notifications.

use super::{FileInfo, Finished, Hashing, Loaded, Progress, dataset_change, put_source, same_file};
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
    let text = unpacked(packed).map_err(wrong)?;
    let source = put_source(app, &info.source)?;
    let mut refused = None;
    let written = app.store.load(
        viewer,
        Box::new(|loader: &mut dyn Loader| {
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
            dataset_change(info, source, loader.dataset(), loader.roots(), done)
                .map_err(|e| StoreError::Invalid(e.to_string()))
        }),
    );
    match (written, refused) {
        (Err(_), Some(e)) => Err(e.into()),
        (Err(e), None) => Err(e.into()),
        (Ok(written), _) => {
            app.refresh();
            let mut loaded = same_file(app, &sha256)?.ok_or(AppError::NotFound("data set"))?;
            (loaded.changed, loaded.seq) = (true, written.seq);
            Ok(loaded)
        }
    }
}

/// The text of a file, unpacked where it is Zstandard.
fn unpacked<'a>(packed: &'a [u8]) -> std::io::Result<Box<dyn Read + Send + 'a>> {
    if packed.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Ok(Box::new(zstd::Decoder::new(packed)?))
    } else {
        Ok(Box::new(packed))
    }
}
