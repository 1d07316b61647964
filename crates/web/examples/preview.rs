//! Writes every page from every sample, with the static files, so that they can be opened in a browser:
//! `cargo run -p symbolon-web --example preview -- OUTDIR`.

use std::{fs, path::Path, process::ExitCode};
use symbolon_web::view::{assets, every_page};

fn write(folder: &Path) -> std::io::Result<usize> {
    let files = folder.join("static");
    fs::create_dir_all(&files)?;
    for asset in &assets::ASSETS {
        fs::write(files.join(asset.name), asset.bytes)?;
    }
    let pages = every_page();
    let mut index = String::from("<!doctype html><meta charset=\"utf-8\"><title>Samples</title><ul>");
    for (name, html) in &pages {
        let html = html.as_deref().map_err(|e| std::io::Error::other(e.to_string()))?;
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
