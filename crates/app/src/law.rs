//! The rulebook as the application holds it: read once, compiled once for each edition that is asked,
//! replaced while the program runs when somebody edits it.

mod ask;
mod batch;
mod keep;
mod notices;
mod past;
mod shelf;

pub use ask::{
    Amended, Cited, Determination, Due, InForce, Missing, Question, Remedied, RuleSaid, UnderLaw,
    Way,
};
pub use batch::{LINE_BYTES, Lines};
pub use keep::Again;
pub use notices::{NoticeLine, Notices};
pub(crate) use past::Past;
pub use past::{LIMITS, PastAnswer, PastAsk, PastLine, PastSum};
pub use shelf::{
    Bill, CaseLine, LawList, ListLine, MemberLine, Provision, RuleLine, RulePage, Turn,
};

use crate::{AppError, Result};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use symbolon_law::{
    Edition, LawError, Rulebook, Source,
    book::{self, Proposal},
    cases::{self, Case},
    lint::{self, Part},
};

/// Editions kept ready; the one asked longest ago goes first.
const EDITIONS: usize = 12;

/// One state of the rulebook's files.
#[derive(Debug)]
pub struct Law {
    /// The files.
    pub source: Source,
    /// The law as it stands.
    pub book: Arc<Rulebook>,
    /// The bills that can be laid over it.
    pub proposals: Vec<Proposal>,
    /// The register of provisions covered.
    pub coverage: Vec<Part>,
    /// Worked cases.
    pub cases: Vec<Case>,
    editions: Mutex<Vec<Arc<Rulebook>>>,
}

impl Law {
    /// Reads and compiles a rulebook.
    ///
    /// # Errors
    /// Every fault, with file, line and column.
    pub fn read(source: Source) -> std::result::Result<Self, Vec<LawError>> {
        let book = Arc::new(Rulebook::load(&source)?);
        Ok(Self {
            proposals: book::proposals(&source).map_err(|e| vec![e])?,
            coverage: lint::coverage(&source).map_err(|e| vec![e])?,
            cases: cases::read(&source, &book.schema)?,
            editions: Mutex::default(),
            source,
            book,
        })
    }

    /// The law as known on a day, with bills laid over it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] where there is no such bill.
    pub fn edition(&self, edition: Edition) -> Result<Arc<Rulebook>> {
        if edition.known.is_none() && edition.bills().next().is_none() {
            return Ok(Arc::clone(&self.book));
        }
        for bill in edition.bills() {
            if self.proposals.iter().all(|p| p.name != bill) {
                let names: Vec<&str> = self.proposals.iter().map(|p| p.name.as_str()).collect();
                let message = format!(
                    "there is no proposal `{bill}`; there are: {}",
                    names.join(", ")
                );
                return Err(crate::law::ask::fault("proposals", message));
            }
        }
        let mut kept = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().position(|b| b.edition == edition) {
            let book = kept.remove(at);
            kept.push(Arc::clone(&book));
            return Ok(book);
        }
        let book = Rulebook::edition(&self.source, edition).map_err(broken)?;
        let book = Arc::new(book);
        if kept.len() == EDITIONS {
            kept.remove(0);
        }
        kept.push(Arc::clone(&book));
        Ok(book)
    }
}

/// A rulebook that was in use and cannot be read: no question of the asker's.
#[expect(
    clippy::needless_pass_by_value,
    reason = "an error that is turned into another"
)]
fn broken(faults: Vec<LawError>) -> AppError {
    let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
    AppError::Internal(all.join("; "))
}

/// The rulebook in use: the one the program carries, until another is put in its place.
#[derive(Debug, Default)]
pub struct Books {
    own: RwLock<Option<Arc<Law>>>,
}

impl Books {
    /// Books that hold what these hold now.
    pub(crate) fn same(&self) -> Self {
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        Self {
            own: RwLock::new(own.clone()),
        }
    }

    /// The rulebook in use.
    ///
    /// # Errors
    /// Never for a program whose tests passed.
    pub fn current(&self) -> Result<Arc<Law>> {
        static EMBEDDED: OnceLock<std::result::Result<Arc<Law>, Vec<LawError>>> = OnceLock::new();
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(law) = &*own {
            return Ok(Arc::clone(law));
        }
        let embedded = EMBEDDED.get_or_init(|| Law::read(Source::embedded()).map(Arc::new));
        embedded.clone().map_err(broken)
    }

    /// Puts another rulebook in place of the one in use. Says whether it is another at all.
    ///
    /// # Errors
    /// Every fault of the new one; the old one then stays.
    pub fn put(&self, source: Source) -> std::result::Result<bool, Vec<LawError>> {
        let same = |law: &Arc<Law>| law.book.hash == source.hash();
        let now = self.own.read().unwrap_or_else(PoisonError::into_inner);
        if now.as_ref().is_some_and(same) {
            return Ok(false);
        }
        drop(now);
        let law = Arc::new(Law::read(source)?);
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = Some(law);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rulebook that ships, with one file changed.
    fn edited(file: &str, change: impl Fn(&str) -> String) -> Source {
        let source = Source::embedded();
        let files = source.files().map(|(name, text)| {
            let text = if name == file {
                change(text)
            } else {
                text.to_owned()
            };
            (name.to_owned(), text)
        });
        Source::of(files.collect::<Vec<_>>())
    }

    #[test]
    fn an_edit_is_live_and_a_broken_one_keeps_the_old_law() {
        let books = Books::default();
        let shipped = books.current().unwrap().book.hash.clone();
        let file = "us/arms-export-control/certify-offer/rule.toml";
        let changed = edited(file, |t| format!("{t}\n# a remark\n"));
        assert_eq!(books.put(changed.clone()), Ok(true));
        assert_eq!(books.put(changed), Ok(false));
        let now = books.current().unwrap().book.hash.clone();
        assert_ne!(now, shipped);
        let broken = edited(file, |t| t.replace("when = ", "when = no_such_fact && "));
        let faults = books.put(broken).unwrap_err();
        assert!(
            faults[0].to_string().starts_with(&format!("{file}:")),
            "{faults:?}"
        );
        assert!(faults[0].line > 0 && faults[0].column > 0);
        assert_eq!(books.current().unwrap().book.hash, now);
    }

    #[test]
    fn an_edition_is_compiled_once() {
        let law = Law::read(Source::embedded()).unwrap();
        let bill = Edition {
            proposal: Some("hr-3613".to_owned()),
            known: None,
        };
        let first = law.edition(bill.clone()).unwrap();
        assert!(Arc::ptr_eq(&first, &law.edition(bill).unwrap()));
        let none = Edition {
            proposal: Some("hr-0".to_owned()),
            known: None,
        };
        assert!(law.edition(none).is_err());
    }
}
