//! The frame every page shares: who looks, where they are, what marking applies, what can be taken away.

use super::{
    assets,
    language::{Language, current, say},
    query::safe_href,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A link with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Words.
    pub text: String,
    /// Address.
    pub href: String,
}

impl Link {
    /// A link.
    #[must_use]
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
        }
    }

    /// The address, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        safe_href(&self.href)
    }
}

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Name.
    pub name: String,
    /// Role in words.
    pub role: String,
    /// Nation they serve.
    pub nation: String,
    /// Whether the administration pages are theirs to open.
    pub administers: bool,
    /// Whether requests for vetting are theirs to see.
    pub vets: bool,
}

/// The item of the main navigation a page belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nav {
    /// None of them.
    #[default]
    None,
    /// `/`
    Portfolio,
    /// `/my-work`
    Work,
    /// `/training`
    Training,
    /// `/countries`
    Countries,
    /// `/datasets`
    Datasets,
    /// `/check`
    Check,
    /// `/law`
    Law,
    /// `/vetting`
    Vetting,
    /// `/records`
    Records,
    /// `/journal`
    Journal,
    /// `/admin/accounts`
    Administration,
}

/// Colour theme the reader chose; without a choice the system's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// Good to know.
    #[default]
    Note,
    /// Done.
    Success,
    /// Look here.
    Warning,
    /// It did not work.
    Error,
}

impl Tone {
    /// Class name and word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A message at the top of the page, announced to screen readers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// The line under the heading of a record: its code, its last change, its sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordLine {
    /// Human code.
    pub code: String,
    /// Who changed it last; empty if nobody did since it was made.
    pub changed_by: String,
    /// When, RFC 3339 or ISO date.
    pub changed_at: String,
    /// Address of the journal entry of that change.
    pub entry_href: String,
    /// Number of sources.
    pub sources: i64,
}

/// Who can see this, and why can I.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visibility {
    /// One sentence: "Anyone, signed in or not."
    pub summary: String,
    /// Roles, organisations and nations that may see it.
    pub who: Vec<String>,
    /// The rules that let this reader see it, in words.
    pub because: Vec<String>,
    /// What is held back from this reader, where policy lets it be said.
    pub withheld: Vec<String>,
}

/// The shared frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Title of the page and its `h1`.
    pub title: String,
    /// Whether the title is a name out of a record, which no language changes.
    pub named: bool,
    /// One or two sentences under the heading; may be empty.
    pub lead: String,
    /// Language.
    pub lang: Language,
    /// Theme chosen.
    pub theme: Theme,
    /// Marking line, printed at top and foot.
    pub marking: String,
    /// Who is signed in.
    pub who: Option<Who>,
    /// Session-bound token for forms.
    pub csrf: String,
    /// Active navigation item.
    pub nav: Nav,
    /// Way from the start to here, without the page itself.
    pub crumbs: Vec<Link>,
    /// Address of this page, path and query.
    pub path: String,
    /// What stands in the search box.
    pub search: String,
    /// When the page was made, for print, with zone.
    pub generated_at: String,
    /// The record line, on pages of one record.
    pub record: Option<RecordLine>,
    /// Address of the same page as JSON; empty if there is none.
    pub json: String,
    /// Address of the page's table as CSV; empty if there is none.
    pub csv: String,
    /// Address of the page's table as XLSX; empty if there is none.
    pub xlsx: String,
    /// Further files of the same rows.
    pub also: Vec<Link>,
    /// Message to show once.
    pub notice: Option<Notice>,
    /// Who can see this; shown as a panel at the end.
    pub visibility: Option<Visibility>,
    /// What must not be overlooked on any page: break-glass under way, uses to be reviewed.
    pub alarms: Vec<Link>,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            title: String::new(),
            named: false,
            lead: String::new(),
            lang: current(),
            theme: Theme::System,
            marking: String::new(),
            who: None,
            csrf: String::new(),
            nav: Nav::None,
            crumbs: Vec::new(),
            path: "/".to_owned(),
            search: String::new(),
            generated_at: String::new(),
            record: None,
            json: String::new(),
            csv: String::new(),
            xlsx: String::new(),
            also: Vec::new(),
            notice: None,
            visibility: None,
            alarms: Vec::new(),
        }
    }
}

impl Page {
    /// Marks the page as what it is made of; without any record it stays as it is.
    pub fn mark(&mut self, marking: Option<String>) {
        if let Some(marking) = marking {
            self.marking = marking;
        }
    }

    /// `ltr` or `rtl`.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        if self.lang.rtl() { "rtl" } else { "ltr" }
    }

    /// The title in the language of the page; a name out of a record stays as it is.
    #[must_use]
    pub fn heading(&self) -> Cow<'_, str> {
        if self.named {
            Cow::Borrowed(&self.title)
        } else {
            say(&self.title)
        }
    }

    /// Whether something went wrong, so that the title says so first.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.notice.as_ref().is_some_and(|n| n.tone == Tone::Error)
    }

    /// Whether anything stands in the line of downloads.
    #[must_use]
    pub fn has_twins(&self) -> bool {
        !(self.json.is_empty() && self.csv.is_empty() && self.xlsx.is_empty())
    }

    /// An address that may stand in a link.
    #[must_use]
    pub fn safe<'a>(&self, href: &'a str) -> &'a str {
        safe_href(href)
    }

    /// The main navigation: address, words, whether it is here.
    #[must_use]
    pub fn navigation(&self) -> Vec<(&'static str, Cow<'static, str>, bool)> {
        let mut items = vec![
            ("/", "Portfolio", Nav::Portfolio),
            ("/training", "Training", Nav::Training),
            ("/countries", "Countries", Nav::Countries),
            ("/datasets", "Data sets", Nav::Datasets),
            ("/check", "Can we do this?", Nav::Check),
            ("/law", "Law", Nav::Law),
            ("/records", "Records", Nav::Records),
            ("/journal", "Journal", Nav::Journal),
        ];
        if self.who.is_some() {
            items.insert(1, ("/my-work", "My work", Nav::Work));
        }
        if self.who.as_ref().is_some_and(|w| w.vets) {
            let at = items.len().saturating_sub(2);
            items.insert(at, ("/vetting", "Vetting", Nav::Vetting));
        }
        if self.who.as_ref().is_some_and(|w| w.administers) {
            items.push(("/admin/accounts", "Administration", Nav::Administration));
        }
        items
            .into_iter()
            .map(|(href, text, nav)| (href, say(text), nav == self.nav))
            .collect()
    }

    /// Address of a static file with its fingerprint.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}
