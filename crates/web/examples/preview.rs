//! Writes every page from every sample, with the static files, so that they can be opened in a browser:
//! `cargo run -p symbolon-web --example preview -- OUTDIR`.

use askama::Template;
use std::{fs, path::Path, process::ExitCode, sync::Arc};
use symbolon_exchange::shipped;
use symbolon_web::{
    chart::{MapValue, Outline, Outlines},
    view::{assets, every_page, portfolio::Portfolio},
};

/// The portfolio with the shipped outlines and a value for most countries.
fn world() -> Option<Portfolio> {
    let outline = |s: &shipped::Shape| Outline {
        iso3: s.iso3.to_string(),
        name: s.name.to_owned(),
        x: f64::from(s.x),
        y: f64::from(s.y),
        path: s.path.to_owned(),
    };
    let shapes: Vec<Outline> = shipped::shapes().iter().map(outline).collect();
    let mut page = Portfolio::samples().into_iter().next()?;
    let value = |(i, s): (usize, &Outline)| MapValue {
        iso3: s.iso3.clone(),
        value: (i % 6 != 5).then_some(((i * 7919) % 9973 * (i % 13)) as f64),
    };
    page.map.values = shapes.iter().enumerate().map(value).collect();
    let rows = page.partners.clone();
    page.partners.extend(rows.iter().cycle().take(140).cloned());
    page.outlines = Arc::new(Outlines::new(shapes, shipped::view_box()));
    Some(page)
}

fn write(folder: &Path) -> std::io::Result<usize> {
    let files = folder.join("static");
    fs::create_dir_all(&files)?;
    for asset in &assets::ASSETS {
        fs::write(files.join(asset.name), asset.bytes)?;
    }
    let mut pages = every_page();
    pages.extend(world().map(|p| ("portfolio-world".to_owned(), p.render())));
    let mut index =
        String::from("<!doctype html><meta charset=\"utf-8\"><title>Samples</title><ul>");
    for (name, html) in &pages {
        let html = html
            .as_deref()
            .map_err(|e| std::io::Error::other(e.to_string()))?;
        // Opened from disk, so static files are looked for beside the page.
        let html = html.replace("\"/static/", "\"static/");
        fs::write(folder.join(format!("{name}.html")), html)?;
        index.push_str(&format!("<li><a href=\"{name}.html\">{name}</a>"));
    }
    fs::write(folder.join("index.html"), index)?;
    Ok(pages.len())
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: preview OUTDIR");
        return ExitCode::from(2);
    };
    match write(Path::new(&folder)) {
        Ok(pages) => {
            println!("{pages} pages in {folder}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot write to {folder}: {error}");
            ExitCode::FAILURE
        }
    }
}
