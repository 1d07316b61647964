//! Loading everything that ships with the program: the demonstration.

use super::{FileInfo, Loaded, Progress, facts, reference, same_file, training};
use crate::{App, AppError, Result};
use symbolon_domain::{kinds::Source, label::Label};
use symbolon_exchange::{
    import::fmtr::Accounts,
    shipped::{self, Content, CountryNames, ShippedDataset},
};

/// Loads the shipped reference data and data sets that are not there yet. `step` hears what comes
/// next.
pub fn demo(app: &App, progress: &Progress, step: &mut dyn FnMut(&str)) -> Result<Vec<Loaded>> {
    step("countries, regional bodies, memberships");
    reference::reference(app)?;
    let mut loaded = vec![];
    for data in shipped::datasets() {
        if data.meta.content != Content::Code {
            step(&data.meta.title);
        }
        loaded.extend(one(app, data, progress)?);
    }
    app.store.sign()?;
    Ok(loaded)
}

fn one(app: &App, data: &ShippedDataset, progress: &Progress) -> Result<Option<Loaded>> {
    let (viewer, info) = (app.system(), info(data));
    Ok(match data.meta.content {
        Content::Training => {
            let accounts = Accounts::shipped().map_err(|e| AppError::Internal(e.to_string()))?;
            let file = std::io::Cursor::new(data.bytes);
            Some(training::training(
                app,
                &viewer,
                file,
                &info,
                CountryNames::shipped(),
                &accounts,
                progress,
            )?)
        }
        Content::Observation => Some(facts::observations(
            app, &viewer, data.bytes, &info, progress,
        )?),
        Content::Notification => Some(facts::notifications(
            app, &viewer, data.bytes, &info, progress,
        )?),
        Content::Code if data.file_name == "codes.csv" => {
            let sealed = data
                .sealed()
                .ok_or(AppError::NotFound("hash of a shipped file"))?;
            if same_file(app, &sealed.sha256)?.is_none() {
                reference::codes(app, &info, &sealed.sha256, sealed.bytes.cast_signed())?;
            }
            same_file(app, &sealed.sha256)?
        }
        Content::Code => None,
    })
}

fn info(data: &ShippedDataset) -> FileInfo {
    let meta = data.meta;
    let title = match data.file_name {
        "codes.csv" => "Country codes in other systems, with dates".to_owned(),
        _ => meta.title.clone(),
    };
    FileInfo {
        name: data.file_name.to_owned(),
        title,
        code: data.folder.to_owned(),
        source: Source {
            reference: String::new(),
            published: None,
            title: meta.source_title.clone(),
            publisher: meta.publisher.clone(),
            url: meta.url.clone(),
            licence: meta.licence.clone(),
            credit: meta.credit.clone(),
        },
        licence_class: meta.licence_class,
        limits: meta.limits.clone(),
        label: Label::public("USA"),
    }
}
