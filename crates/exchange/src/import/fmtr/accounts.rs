//! The words of the report kept as data: accounts with their spellings and authorities, and the
//! entries in a unit column that name nobody (`data/training-report/accounts.toml`).

use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// An account or authority the report prints programmes under.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Stable code, such as `IMET` or `S1206`.
    pub code: String,
    /// Code of the account it is a line of; its own code where it stands alone.
    pub family: String,
    /// Full name.
    pub name: String,
    /// Department that answers for it: `State`, `Defense`, `Homeland Security` or `other`.
    pub department: String,
    /// What to know before adding it up.
    #[serde(default)]
    pub note: String,
    /// How the report spells it; compared without case, spaces and punctuation.
    pub spellings: Vec<String>,
    /// The law it rests on, in order of time.
    #[serde(default)]
    pub authority: Vec<Authority>,
}

/// A provision of law an account rests on, with the time it held.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Citation, such as `22 U.S.C. 2347`.
    pub citation: String,
    /// First day or year, as far as known (`YYYY` or `YYYY-MM-DD`).
    #[serde(default)]
    pub from: String,
    /// First day or year it no longer held; empty: open or not known.
    #[serde(default)]
    pub to: String,
    /// Where it can be checked.
    #[serde(default)]
    pub source: String,
    /// Whether somebody compared it with the source.
    pub checked: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    placeholders: Vec<String>,
    departments: HashMap<String, String>,
    account: Vec<Account>,
}

/// The accounts and the spellings that lead to them.
#[derive(Clone, Debug)]
pub struct Accounts {
    list: Vec<Account>,
    spelled: HashMap<String, usize>,
    departments: HashMap<String, String>,
    placeholders: HashSet<String>,
}

/// An account file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The file is not TOML of this form.
    #[error("accounts.toml: {0}")]
    Form(#[from] toml::de::Error),
    /// Two accounts share a code or a spelling.
    #[error("accounts.toml: `{0}` leads to two accounts")]
    Twice(String),
}

impl Accounts {
    /// The accounts that ship with the program.
    ///
    /// # Errors
    /// Where the shipped file is broken; a test keeps it whole.
    pub fn shipped() -> Result<Self, AccountsError> {
        Self::parse(include_str!(
            "../../../../../data/training-report/accounts.toml"
        ))
    }

    /// Reads an account file.
    ///
    /// # Errors
    /// Where it is not of the form of `accounts.toml`, or a code or spelling leads to two accounts.
    pub fn parse(text: &str) -> Result<Self, AccountsError> {
        let file: File = toml::from_str(text)?;
        let mut spelled = HashMap::new();
        let mut codes = HashSet::new();
        for (i, account) in file.account.iter().enumerate() {
            if !codes.insert(account.code.clone()) {
                return Err(AccountsError::Twice(account.code.clone()));
            }
            for spelling in &account.spellings {
                if spelled
                    .insert(fold(spelling), i)
                    .is_some_and(|was| was != i)
                {
                    return Err(AccountsError::Twice(spelling.clone()));
                }
            }
        }
        Ok(Self {
            list: file.account,
            spelled,
            departments: file.departments,
            placeholders: file.placeholders.iter().map(|p| p.to_lowercase()).collect(),
        })
    }

    /// All accounts, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Account] {
        &self.list
    }

    /// The account with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Account> {
        self.list.iter().find(|a| a.code == code)
    }

    /// The account a printed spelling leads to. A note number, "(Note 1)", is passed over.
    #[must_use]
    pub fn find(&self, printed: &str) -> Option<&Account> {
        let bare = printed.find("(Note").map_or(printed, |at| &printed[..at]);
        self.list.get(*self.spelled.get(&fold(bare))?)
    }

    /// The department behind a printed word such as `DoS` or `Department of Defense`.
    #[must_use]
    pub fn department(&self, printed: &str) -> Option<&str> {
        self.departments
            .get(&printed.to_lowercase())
            .map(String::as_str)
    }

    /// Whether the entry of a unit column names nobody.
    #[must_use]
    pub fn is_placeholder(&self, unit: &str) -> bool {
        // The longest placeholder has 24 bytes; longer entries need no look-up.
        unit.len() <= 24 && self.placeholders.contains(unit.to_lowercase().trim())
    }
}

fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric() || *c == '&')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_accounts_load_and_cite_what_they_claim_to_have_checked() {
        let accounts = Accounts::shipped().unwrap();
        assert!(accounts.all().len() > 30);
        for account in accounts.all() {
            assert!(
                accounts.by_code(&account.family).is_some(),
                "{}",
                account.code
            );
            for a in &account.authority {
                assert!(
                    !a.checked || !a.source.is_empty(),
                    "{} {}",
                    account.code,
                    a.citation
                );
            }
        }
    }

    #[test]
    fn spellings_of_one_account_lead_to_one_code() {
        let accounts = Accounts::shipped().unwrap();
        let code = |s: &str| accounts.find(s).map(|a| a.code.clone());
        for s in [
            "IMET-1",
            "IMET",
            "International Military Education And Training (IMET)",
        ] {
            assert_eq!(code(s).as_deref(), Some("IMET"), "{s}");
        }
        assert_eq!(code("Section 1004 (Note 1)").as_deref(), Some("S1004"));
        assert_eq!(
            code("Center For Hemispheric Defense Studies(CHDS)").as_deref(),
            Some("REGIONAL-CENTERS")
        );
        assert_eq!(code("Ministry of Silly Walks"), None);
    }

    #[test]
    fn two_accounts_may_not_share_a_spelling() {
        let text = "placeholders=[]\n[departments]\n[[account]]\ncode='A'\nfamily='A'\nname='a'\ndepartment='State'\nspellings=['x']\n[[account]]\ncode='B'\nfamily='B'\nname='b'\ndepartment='State'\nspellings=['X ']\n";
        assert!(Accounts::parse(text).is_err());
    }
}
