//! Witnesses followed while serving: each signed checkpoint goes to places outside, and too few of them
//! keeping up is an alarm.

use crate::Outcome;
use crate::commands::journal::witness;
use crate::cosigning::Host;
use crate::exit::{Failure, TAMPERED};
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use symbolon_app::App;
use symbolon_app::identity::events::{self, Event};

/// Where checkpoints are kept outside, and when to cry.
#[derive(Clone, Debug, Default, Args)]
pub struct Witnesses {
    /// Keep every checkpoint in this file too, on another machine's disk; may be given several times
    #[arg(long = "witness", value_name = "FILE")]
    places: Vec<PathBuf>,
    /// Ask this host to cosign every checkpoint (C2SP tlog-witness), with the key it publishes; may be given several times
    #[arg(long = "cosigner", value_name = "URL#KEY", value_parser = Host::read)]
    cosigners: Vec<Host>,
    /// So many of files and hosts together must keep up; all where it is not given
    #[arg(long, value_name = "K")]
    witness_quorum: Option<usize>,
    /// Seconds between looks at the witnesses
    #[arg(long, default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    witness_every: u64,
    /// Seconds after which too few witnesses are an alarm
    #[arg(long, default_value_t = 900, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    witness_alarm: u64,
}

impl Witnesses {
    /// Refuses a quorum that cannot be met.
    pub fn check(&self) -> Outcome<()> {
        let (wanted, there) = (self.quorum(), self.all());
        if wanted > there || self.witness_quorum == Some(0) {
            return Err(Failure::new(
                crate::exit::USAGE,
                format!("--witness-quorum {wanted} of {there} witnesses cannot be met"),
            )
            .help("Name a number from 1 to the number of --witness files and --cosigner hosts."));
        }
        Ok(())
    }

    fn quorum(&self) -> usize {
        self.witness_quorum.unwrap_or(self.all())
    }

    fn all(&self) -> usize {
        self.places.len() + self.cosigners.len()
    }

    /// Time between looks; `None` where nobody witnesses.
    pub fn every(&self) -> Option<Duration> {
        let some = self.all() > 0;
        some.then(|| Duration::from_secs(self.witness_every))
    }

    /// Begins to follow, all counted as having kept up until now.
    pub fn follow(&self, now: Instant) -> Follow {
        let files = self.places.iter().cloned().map(Keeper::File);
        let hosts = self
            .cosigners
            .iter()
            .cloned()
            .map(|h| Keeper::Host(Box::new(h)));
        Follow {
            wanted: self.quorum(),
            alarm: Duration::from_secs(self.witness_alarm),
            places: files.chain(hosts).map(|w| (w, now)).collect(),
            refusing: BTreeSet::new(),
            crying: false,
        }
    }
}

/// One witness.
#[derive(Clone, Debug)]
enum Keeper {
    File(PathBuf),
    Host(Box<Host>),
}

impl Keeper {
    fn name(&self) -> String {
        match self {
            Self::File(place) => place.display().to_string(),
            Self::Host(host) => host.name().to_owned(),
        }
    }

    /// Brings it up to date.
    fn keep(&self, app: &App) -> Outcome<()> {
        match self {
            Self::File(place) => keep(app, place),
            Self::Host(host) => match app.store.checkpoint()? {
                Some((checkpoint, note)) => host.cosign(app, &note, checkpoint.size).map(drop),
                None => Ok(()),
            },
        }
    }
}

/// The witnesses, each with the moment it last held the newest checkpoint.
#[derive(Debug)]
pub struct Follow {
    wanted: usize,
    alarm: Duration,
    places: Vec<(Keeper, Instant)>,
    /// Hosts that find the journal inconsistent, which was cried already.
    refusing: BTreeSet<String>,
    crying: bool,
}

impl Follow {
    /// Brings every witness up to date, and cries once when too few have kept up for too long.
    pub fn step(&mut self, app: &App, now: Instant) {
        for (place, kept_up) in &mut self.places {
            let name = place.name();
            match place.keep(app) {
                Ok(()) => {
                    *kept_up = now;
                    self.refusing.remove(&name);
                }
                Err(e) => {
                    tracing::error!(witness = name, "{}", e.message);
                    // A file's own check has cried; of a host it is cried here, at once.
                    let host = matches!(place, Keeper::Host(_)) && e.code == TAMPERED;
                    if host && self.refusing.insert(name.clone()) {
                        events::send(Event::VerifyFailed, &app.system(), &name);
                    }
                }
            }
        }
        let crying = self.gap(now);
        if crying && !self.crying {
            events::send(Event::WitnessGap, &app.system(), &self.late(now));
        }
        if !crying && self.crying {
            tracing::info!("enough witnesses follow the journal again");
        }
        self.crying = crying;
    }

    /// Whether fewer than the quorum kept up.
    fn gap(&self, now: Instant) -> bool {
        let kept = |(_, at): &&(Keeper, Instant)| now.duration_since(*at) < self.alarm;
        self.places.iter().filter(kept).count() < self.wanted
    }

    /// Names of those that did not keep up.
    fn late(&self, now: Instant) -> String {
        let late = self.places.iter();
        let late = late.filter(|(_, at)| now.duration_since(*at) >= self.alarm);
        let names: Vec<String> = late.map(|(w, _)| w.name()).collect();
        names.join(", ")
    }
}

/// Puts the newest note into a witness's file, unless the journal contradicts what stands there.
fn keep(app: &App, place: &Path) -> Outcome<()> {
    let Some((_, note)) = app.store.checkpoint()? else {
        return Ok(());
    };
    agrees(app, place)?;
    witness::append(place, &note)?;
    Ok(())
}

/// The journal must still pass through the last note that a witness holds.
fn agrees(app: &App, place: &Path) -> Outcome<()> {
    let Some(key) = &app.around.key else {
        return Ok(());
    };
    let Some(last) = witness::notes_of(place, true)?.pop() else {
        return Ok(());
    };
    // A note that an older key signed says nothing to this key: `journal verify --witness` reads those.
    let Ok(seen) = key.verifying().open(&last) else {
        return Ok(());
    };
    if app.store.root_at(seen.size)? == Some(seen.root) {
        return Ok(());
    }
    events::send(
        Event::VerifyFailed,
        &app.system(),
        &place.display().to_string(),
    );
    let message = format!(
        "the journal does not hold what this witness saw: {} entries with root {}",
        seen.size,
        hex::encode(seen.root)
    );
    Err(Failure::new(TAMPERED, message)
        .help("`symbolon journal verify --witness` names the faults."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three(quorum: Option<usize>) -> Witnesses {
        Witnesses {
            places: ["a", "b", "c"].map(PathBuf::from).into(),
            cosigners: vec![],
            witness_quorum: quorum,
            witness_every: 300,
            witness_alarm: 900,
        }
    }

    #[test]
    fn r_29_too_few_witnesses_for_too_long_are_a_gap() {
        let begun = Instant::now();
        let minute = |n: u64| begun + Duration::from_secs(60 * n);
        let mut two_of_three = three(Some(2)).follow(begun);
        assert!(!two_of_three.gap(minute(14)) && two_of_three.gap(minute(15)));
        two_of_three.places[0].1 = minute(10);
        assert!(two_of_three.gap(minute(16)), "one of three is too few");
        two_of_three.places[1].1 = minute(10);
        assert!(!two_of_three.gap(minute(16)), "two are enough");
        assert_eq!(two_of_three.late(minute(16)), "c");
        let mut all = three(None).follow(begun);
        (all.places[0].1, all.places[1].1) = (minute(10), minute(10));
        assert!(all.gap(minute(16)), "all of three are wanted");
    }

    #[test]
    fn a_quorum_is_of_witnesses_that_are_there() {
        assert!(three(Some(3)).check().is_ok());
        assert!(three(Some(4)).check().is_err());
        assert!(three(Some(0)).check().is_err());
    }
}
