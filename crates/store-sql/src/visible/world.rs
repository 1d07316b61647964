//! Groups, agreements and regions out of the tables of their kinds.

use crate::conn::Conn;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_access::{Groups, Member, SharingTerms, World};
use symbolon_domain::date::Precision;
use symbolon_store::{Result, query::Value};

/// Kinds whose records decide who sees what.
pub(super) const KINDS: [&str; 4] = [
    "membership",
    "regional_body",
    "sharing_agreement",
    "partner",
];

/// The newest entry, if none after a revision is about a label or one of the kinds that decide access.
pub(super) fn unchanged(conn: &mut Conn, revision: i64) -> Result<Option<i64>> {
    let begins = |kind: &&str| format!("(object >= '{kind}/' AND object < '{kind}0')");
    let any: Vec<String> = KINDS.iter().chain(["label"].iter()).map(begins).collect();
    // The newest first: what is written meanwhile is seen at the next look.
    let newest = newest(conn)?;
    let sql = format!(
        "SELECT 1 FROM journal WHERE seq > $1 AND seq <= $2 AND ({}) LIMIT 1",
        any.join(" OR ")
    );
    let changed = conn.first(&sql, &[Value::Int(revision), Value::Int(newest)])?;
    Ok(changed.is_none().then_some(newest))
}

fn newest(conn: &mut Conn) -> Result<i64> {
    let row = conn.first("SELECT max(seq) FROM journal", &[])?;
    Ok(row.and_then(|r| r[0].int()).unwrap_or(-1))
}

/// The world as it stands.
pub(super) fn read(conn: &mut Conn) -> Result<World> {
    Ok(World {
        revision: newest(conn)?,
        groups: groups(conn)?,
        agreements: agreements(conn)?,
        regions: regions(conn)?,
        ..World::default()
    })
}

/// Full members only; an observer or a suspended member receives nothing by the group.
fn groups(conn: &mut Conn) -> Result<Groups> {
    let sql = "SELECT b.code, m.iso3, m.valid_from, m.valid_from_precision, m.valid_to, \
               m.valid_to_precision FROM membership m JOIN regional_body b ON b.id = m.body \
               WHERE m.state = 'recorded' AND b.state <> 'deleted' \
               AND coalesce(m.standing, '') IN ('', 'member')";
    let mut groups = Groups::default();
    for row in conn.query(sql, &[])? {
        let (from, to) = (surely_from(&row[2], &row[3]), surely_to(&row[4], &row[5]));
        if let (Ok(nation), Ok(from), Ok(to)) = (row[1].text().parse(), from, to) {
            let members = groups.0.entry(row[0].text().to_owned()).or_default();
            members.push(Member { nation, from, to });
        }
    }
    Ok(groups)
}

/// A bound that is not known well enough to let anybody in.
struct Unsure;

fn bound(day: &Value, precision: &Value) -> std::result::Result<Option<(Date, Precision)>, Unsure> {
    if *day == Value::Null {
        return Ok(None);
    }
    let word = serde_json::Value::String(precision.text().to_owned());
    let precision = serde_json::from_value(word).map_err(|_| Unsure)?;
    Ok(Some((day.text().parse().map_err(|_| Unsure)?, precision)))
}

/// The first day on which membership is certain.
fn surely_from(day: &Value, precision: &Value) -> std::result::Result<Option<Date>, Unsure> {
    Ok(match bound(day, precision)? {
        None => None,
        Some((day, Precision::Day | Precision::Before)) => Some(day),
        Some((day, Precision::Month)) => Some(day.last_of_month()),
        Some((day, Precision::Year)) => Some(day.last_of_year()),
        Some((_, Precision::Between(last))) => Some(last),
        Some((_, Precision::About | Precision::After)) => return Err(Unsure),
    })
}

/// The first day on which it is no longer certain.
fn surely_to(day: &Value, precision: &Value) -> std::result::Result<Option<Date>, Unsure> {
    Ok(match bound(day, precision)? {
        None => None,
        Some((_, Precision::About | Precision::Before)) => return Err(Unsure),
        Some((day, _)) => Some(day),
    })
}

/// Confirmed agreements; drafts open nothing.
fn agreements(conn: &mut Conn) -> Result<Vec<SharingTerms>> {
    let sql = "SELECT title, parties, policy, level, in_force_from, in_force_to \
               FROM sharing_agreement WHERE state IN ('in_force', 'ended')";
    let mut agreements = vec![];
    for row in conn.query(sql, &[])? {
        let to = match &row[5] {
            Value::Null => Ok(None),
            day => day.text().parse().map(Some),
        };
        let parties = serde_json::from_str(row[1].text());
        // A row that cannot be read opens nothing; verification names it.
        if let (Ok(parties), Ok(from), Ok(to)) = (parties, row[4].text().parse(), to) {
            agreements.push(SharingTerms {
                title: row[0].text().to_owned(),
                parties,
                policy: row[2].text().to_owned(),
                level: row[3].text().to_owned(),
                from,
                to,
            });
        }
    }
    Ok(agreements)
}

fn regions(conn: &mut Conn) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let sql =
        "SELECT region, iso3 FROM partner WHERE state <> 'deleted' AND coalesce(region, '') <> ''";
    let mut regions = BTreeMap::new();
    for row in conn.query(sql, &[])? {
        let partners: &mut BTreeSet<String> = regions.entry(row[0].text().to_owned()).or_default();
        partners.insert(row[1].text().to_owned());
    }
    Ok(regions)
}
