//! `demo`: the data that ships, an account and a sign-in link per role, served on loopback.

use super::rulebook::Rulebook;
use super::serving::{self, Server};
use super::summary;
use crate::Outcome;
use crate::config::Global;
use crate::exit::{CONFLICT, FAILED, Failure, USAGE};
use crate::instance::{Instance, Place};
use crate::output::text;
use crate::progress::Shown;
use crate::witnessing::Witnesses;
use clap::Args;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use symbolon_app::{App, NewAccount, load};
use symbolon_domain::{country::Iso3, kinds::Role, record::RecordId};
use symbolon_exchange::shipped;
use symbolon_web::Settings;

/// Try it with the data that ships.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon demo                    in a directory that is removed at the end\n  symbolon demo --data ./demo      kept for next time\n  symbolon demo --port 0           on any free port"
)]
pub struct Demo {
    /// Port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 7600)]
    port: u16,
    #[command(flatten)]
    rulebook: Rulebook,
}

/// Every role with the name of its demonstration account.
const ROLES: [(Role, &str); 16] = [
    (Role::DeskOfficer, "Desk Officer"),
    (Role::CooperationOfficer, "Cooperation Officer"),
    (Role::CaseManager, "Case Manager"),
    (Role::TrainingManager, "Training Manager"),
    (Role::LegalReviewer, "Legal Reviewer"),
    (Role::VettingAnalyst, "Vetting Analyst"),
    (Role::EndUseMonitor, "End-Use Monitor"),
    (Role::EvaluationLead, "Evaluation Lead"),
    (Role::FinancialManager, "Financial Manager"),
    (Role::CongressionalLiaison, "Congressional Liaison"),
    (Role::PartnerOfficer, "Partner Officer"),
    (Role::Evaluator, "Evaluator"),
    (Role::Auditor, "Auditor"),
    (Role::Administrator, "Administrator"),
    (Role::SecurityOfficer, "Security Officer"),
    (Role::PartnerAdministrator, "Partner Administrator"),
];

/// The nation of the partner's officer and administrator.
const PARTNER: &str = "SEN";

/// A directory that is removed when this is dropped, where it is a temporary one.
struct Kept {
    dir: PathBuf,
    temporary: bool,
}

impl Drop for Kept {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

impl Demo {
    /// Loads, serves, removes.
    pub fn run(self, global: &Global) -> Outcome {
        let listener = serving::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)))?;
        let address = listener
            .local_addr()
            .map_err(|e| Failure::new(FAILED, e.to_string()))?;
        let server = Server::new()?;
        let kept = directory(global)?;
        let place = Place {
            data: kept.dir.clone(),
            database: global.database.clone(),
        };
        let begun = Instant::now();
        let instance = if place.exists() {
            place.open_writer()?
        } else {
            place.create()?
        };
        refuse_real(&instance.app)?;
        self.rulebook.put(&instance.app)?;
        load_all(global, &instance, &server)?;
        let people = people(&instance.app)?;
        if !global.lively() {
            eprintln!("Loading: demonstration programmes");
        }
        load::programmes(&instance.app, &people)?;
        let links = links(&instance.app, &people)?;
        instance.signer.sign(&instance.app)?;
        instance.app.snapshot()?;
        eprintln!("Ready in {:.1} s.", begun.elapsed().as_secs_f64());
        if kept.temporary {
            eprintln!(
                "Data lies in {} and is removed at the end; keep it with --data DIR.",
                kept.dir.display()
            );
        }
        let url = format!("http://{address}");
        instance.app.identity.serve_at(&url);
        announce(global, &url, &links)?;
        let settings = Settings {
            secure: false,
            demonstration: true,
            ..Settings::default()
        };
        let nobody = Witnesses::default();
        server.serve(
            instance,
            listener,
            settings,
            Duration::from_secs(60),
            &nobody,
        )?;
        eprintln!("Stopped.");
        Ok(crate::exit::OK)
    }
}

fn directory(global: &Global) -> Outcome<Kept> {
    if let Some(dir) = &global.data {
        return Ok(Kept {
            dir: dir.clone(),
            temporary: false,
        });
    }
    if global.database.is_some() {
        return Err(Failure::new(
            USAGE,
            "with --database the keys must be kept: name a directory",
        )
        .help("Add --data DIR"));
    }
    let mut suffix = [0; 8];
    crate::surroundings::random(&mut suffix);
    let dir = std::env::temp_dir().join(format!("symbolon-demo-{}", hex::encode(suffix)));
    crate::keys::make_directory(&dir)?;
    Ok(Kept {
        dir,
        temporary: true,
    })
}

fn is_demo(name: &str) -> bool {
    name.starts_with("Demo ")
}

/// The demonstration adds accounts with every role: never to an instance that somebody works with.
fn refuse_real(app: &App) -> Outcome<()> {
    let accounts = app.accounts(&app.system())?;
    if accounts.iter().all(|(_, a)| is_demo(&a.name)) {
        return Ok(());
    }
    Err(Failure::new(
        CONFLICT,
        "this instance has accounts that are not of the demonstration",
    )
    .help("Choose another directory (--data DIR), or serve this one: symbolon serve"))
}

fn load_all(global: &Global, instance: &Instance, server: &Server) -> Outcome<()> {
    let progress = load::Progress::default();
    let told = progress.clone();
    server.on_stop(move || told.stop());
    let mut shown: Option<Shown> = None;
    let mut step = |title: &str| {
        shown = None;
        let total = shipped::datasets()
            .iter()
            .find(|d| d.meta.title == title)
            .map_or(0, |d| d.bytes.len());
        if !global.lively() {
            eprintln!("Loading: {title}");
        }
        progress.restart();
        shown = Some(Shown::new(global, title, total as u64, &progress));
    };
    let loaded = load::demo(&instance.app, &progress, &mut step)?;
    drop(shown);
    for line in loaded.iter().filter(|l| l.changed) {
        eprintln!("{}", summary::one_line(line));
    }
    Ok(())
}

/// One account a role, made where it is not there.
fn people(app: &App) -> Outcome<Vec<(Role, RecordId)>> {
    let there = app.accounts(&app.system())?;
    let mut people = vec![];
    for (role, name) in ROLES {
        let name = format!("Demo {name}");
        let known = there
            .iter()
            .find(|(_, a)| a.role == role && a.name == name)
            .map(|(id, _)| *id);
        let account = match known {
            Some(id) => id,
            None => add(app, role, name)?,
        };
        people.push((role, account));
    }
    Ok(people)
}

fn add(app: &App, role: Role, name: String) -> Outcome<RecordId> {
    let nation = match role {
        Role::PartnerOfficer | Role::PartnerAdministrator => PARTNER,
        _ => "USA",
    };
    let nation: Iso3 = nation
        .parse()
        .map_err(|_| Failure::new(FAILED, "nation code"))?;
    let new = NewAccount {
        name,
        role,
        nation,
        standing: load::standing(role),
    };
    Ok(app.add_account(&app.system(), &new)?)
}

/// A fresh link for each account, with the name of its role.
fn links(app: &App, people: &[(Role, RecordId)]) -> Outcome<Vec<(String, String)>> {
    let mut links = vec![];
    for (role, account) in people {
        links.push((
            super::account::role_name(*role),
            app.sign_in_link(*account)?,
        ));
    }
    Ok(links)
}

fn announce(global: &Global, url: &str, links: &[(String, String)]) -> Outcome<()> {
    let mut out = String::new();
    if global.json {
        let links: Vec<_> = links
            .iter()
            .map(|(role, token)| serde_json::json!({"role": role, "url": format!("{url}/sign-in/{token}")}))
            .collect();
        let event = serde_json::json!({"event": "listening", "url": url, "sign_in": links});
        return text(&format!("{event}\n"));
    }
    out.push_str(&format!("Listening on {url}\n"));
    for (role, token) in links {
        out.push_str(&format!("Sign in as {role}: {url}/sign-in/{token}\n"));
    }
    text(&out)?;
    eprintln!("Each link works once, within 30 minutes. Ctrl-C stops.");
    Ok(())
}
