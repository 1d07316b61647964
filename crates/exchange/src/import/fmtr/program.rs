//! Reads the programme text, which follows one of three grammars:
//!
//! * `DOS Africa Region, Angola, International Military Education and Training (IMET),FY03`
//! * `IMET-1 - FY 2008 DoS Training`
//! * `Section 1206/2282 - Fiscal Year 2016 Department of Defense Training`

use super::accounts::Accounts;
use symbolon_domain::date::FiscalYear;

/// What a programme text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Code of the account; `None` where the spelling leads to no known account.
    pub account: Option<Box<str>>,
    /// The account as spelled.
    pub spelled: String,
    /// Department named in the text.
    pub department: Option<String>,
    /// Fiscal year named in the text.
    pub fiscal_year: Option<FiscalYear>,
    /// Region named in the text, without the word "Region".
    pub region: Option<String>,
    /// Country named in the text.
    pub country: Option<String>,
}

/// Words of a notice that stands where a programme would.
const NOTICE: &str = "No activities reported";

/// Reads a programme text printed under a country heading; `None` where it follows no grammar.
#[must_use]
pub fn program(text: &str, heading: &str, accounts: &Accounts) -> Option<Program> {
    let text = text.trim();
    if text.starts_with(NOTICE) {
        return None;
    }
    dashed(text, accounts).or_else(|| listed(text, heading, accounts))
}

/// "ACCOUNT - FY 2008 DoS Training", "ACCOUNT - Fiscal Year 2016 Department of State Training".
fn dashed(text: &str, accounts: &Accounts) -> Option<Program> {
    let (at, skip) = [" - Fiscal Year ", " - FY "]
        .iter()
        .find_map(|m| text.rfind(m).map(|at| (at, m.len())))?;
    let rest = text[at + skip..].trim_start();
    let (year, department) = rest.split_at_checked(4)?;
    let year: i16 = year.parse().ok().filter(|y| (1900..2200).contains(y))?;
    let department = department
        .trim()
        .strip_suffix("Training")
        .unwrap_or(department)
        .trim();
    let spelled = text[..at].trim();
    Some(Program {
        account: code(spelled, accounts),
        spelled: spelled.to_owned(),
        department: accounts.department(department).map(str::to_owned),
        fiscal_year: Some(FiscalYear(year)),
        ..Program::default()
    })
}

/// "[DEPARTMENT] REGION Region, COUNTRY, ACCOUNT, FY 01" and "ACCOUNT, FY 01".
fn listed(text: &str, heading: &str, accounts: &Accounts) -> Option<Program> {
    let (mut body, mut fiscal_year) = year_at_end(text)?;
    while let Some((shorter, Some(again))) = year_at_end(body) {
        body = shorter;
        fiscal_year = Some(again);
    }
    let mut out = Program {
        fiscal_year,
        ..Program::default()
    };
    let Some((place, rest)) = body.split_once(" Region, ") else {
        let spelled = match accounts.find(body) {
            Some(_) => body,
            // A piece of the heading may stand before the account: "Republic Of, IMET, FY 99".
            None => known_after_comma(body, accounts).map_or(body, |(_, account)| account),
        };
        out.account = code(spelled, accounts);
        spelled.clone_into(&mut out.spelled);
        return Some(out);
    };
    let first = place
        .split_once(' ')
        .and_then(|(word, region)| Some((accounts.department(word)?, region)));
    out.department = first.map(|(d, _)| d.to_owned());
    out.region = Some(first.map_or(place, |(_, region)| region).to_owned());
    let (country, spelled) = country_and_account(rest, heading, accounts);
    out.country = country.map(str::to_owned);
    out.account = code(spelled, accounts);
    spelled.clone_into(&mut out.spelled);
    Some(out)
}

/// Splits "COUNTRY, ACCOUNT", both of which may hold commas: at the first comma after which a known
/// account stands; else after the heading's own country; else at the last comma.
fn country_and_account<'a>(
    rest: &'a str,
    heading: &str,
    accounts: &Accounts,
) -> (Option<&'a str>, &'a str) {
    let known = rest
        .match_indices(',')
        .find(|(at, _)| accounts.find(rest[at + 1..].trim()).is_some());
    if let Some((at, _)) = known {
        return (Some(rest[..at].trim()), rest[at + 1..].trim());
    }
    let own = rest
        .get(..heading.len())
        .filter(|own| own.eq_ignore_ascii_case(heading) && !heading.is_empty());
    if let Some((own, account)) =
        own.and_then(|own| Some((own, rest[own.len()..].strip_prefix(',')?)))
    {
        return (Some(own), account.trim());
    }
    match rest.rsplit_once(',') {
        Some((country, account)) => (Some(country.trim()), account.trim()),
        None => (None, rest.trim()),
    }
}

/// Splits at the first comma after which a known account stands.
fn known_after_comma<'a>(text: &'a str, accounts: &Accounts) -> Option<(&'a str, &'a str)> {
    let (at, _) = text
        .match_indices(',')
        .find(|(at, _)| accounts.find(text[at + 1..].trim()).is_some())?;
    Some((text[..at].trim(), text[at + 1..].trim()))
}

/// Takes "FY 01", "FY03", "FY 2003" or a bare "FY" from the end.
fn year_at_end(text: &str) -> Option<(&str, Option<FiscalYear>)> {
    let at = text.rfind("FY")?;
    let digits = text[at + 2..].trim();
    let year = match (digits.len(), digits.parse::<i16>()) {
        (0, _) => None,
        // The report begins with FY1999; a two-digit year above 90 belongs to the last century.
        (2, Ok(y)) => Some(FiscalYear(if y > 90 { 1900 + y } else { 2000 + y })),
        (4, Ok(y)) => Some(FiscalYear(y)),
        _ => return None,
    };
    let body = text[..at].trim_end().trim_end_matches(',').trim_end();
    (!body.is_empty()).then_some((body, year))
}

fn code(spelled: &str, accounts: &Accounts) -> Option<Box<str>> {
    accounts.find(spelled).map(|a| a.code.as_str().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, heading: &str) -> Option<Program> {
        program(text, heading, &Accounts::shipped().unwrap())
    }

    #[test]
    fn the_three_grammars_are_read() {
        let p = read(
            "Near East Region, Egypt, Foreign Military Financing (FMF), FY 01",
            "Egypt",
        )
        .unwrap();
        assert_eq!(
            (
                p.account.as_deref(),
                p.fiscal_year,
                p.region.as_deref(),
                p.country.as_deref()
            ),
            (
                Some("FMF"),
                Some(FiscalYear(2001)),
                Some("Near East"),
                Some("Egypt")
            )
        );
        let p = read("IMET-1 - FY 2008 DoS Training", "Egypt").unwrap();
        assert_eq!(
            (p.account.as_deref(), p.fiscal_year, p.department.as_deref()),
            (Some("IMET"), Some(FiscalYear(2008)), Some("State"))
        );
        let p = read(
            "Section 1206/2282 - Fiscal Year 2016 Department of Defense Training",
            "Mali",
        )
        .unwrap();
        assert_eq!(
            (p.account.as_deref(), p.fiscal_year, p.department.as_deref()),
            (Some("S1206"), Some(FiscalYear(2016)), Some("Defense"))
        );
    }

    #[test]
    fn commas_in_country_and_account_are_told_apart() {
        let p = read(
            "DOD Africa Region, Tanzania, Miscellaneous, DOD/DOS Non-Security Assistance,FY03",
            "Tanzania",
        )
        .unwrap();
        assert_eq!(
            (p.country.as_deref(), p.account.as_deref()),
            (Some("Tanzania"), Some("MISC-NON-SA"))
        );
        let p = read(
            "Africa Region, Congo, Republic Of, Africa Center for Strategic Studies, FY 00",
            "Congo, Republic Of",
        )
        .unwrap();
        assert_eq!(
            (p.country.as_deref(), p.account.as_deref()),
            (Some("Congo, Republic Of"), Some("REGIONAL-CENTERS"))
        );
    }

    #[test]
    fn odd_ends_of_the_year_are_read() {
        assert_eq!(
            read(
                "Center For Hemispheric Defense Studies, FY 00 FY 00",
                "Peru"
            )
            .unwrap()
            .fiscal_year,
            Some(FiscalYear(2000))
        );
        let p = read("Miscellaneous DoD-DoS Activities, FY", "Peru").unwrap();
        assert_eq!(
            (p.account.as_deref(), p.fiscal_year),
            (Some("MISC-NON-SA"), None)
        );
        assert_eq!(
            read(
                "International Military Education And Training (IMET), FY 99",
                "Benin"
            )
            .unwrap()
            .fiscal_year,
            Some(FiscalYear(1999))
        );
    }

    #[test]
    fn an_unknown_account_in_a_known_grammar_is_read_without_a_code() {
        let p = read(
            "Moon Fund - Fiscal Year 2024 Department of Defense Training",
            "Mali",
        )
        .unwrap();
        assert_eq!(
            (p.account, p.spelled.as_str(), p.fiscal_year),
            (None, "Moon Fund", Some(FiscalYear(2024)))
        );
    }

    #[test]
    fn a_text_without_grammar_is_not_read() {
        for text in [
            "",
            "No activities reported for Niue in 2007-2008",
            "IMET",
            "FY 01",
            "é - FY 20é",
        ] {
            assert_eq!(read(text, "Niue"), None, "{text}");
        }
    }
}
