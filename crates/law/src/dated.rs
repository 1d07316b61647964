//! Values with their history, and lists with dated rows: what was in force on a day, and what was
//! known about it on another.

use crate::day::Days;
use crate::schema::Type;
use crate::tri::Tri;

/// One value for a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRow {
    /// First day in force.
    pub from: Days,
    /// First day no longer in force; `i64::MAX` where open.
    pub to: Days,
    /// The value, in the unit of its type.
    pub value: i64,
    /// What sets it.
    pub cite: String,
    /// Where that can be read.
    pub url: String,
    /// Day on which it became public.
    pub published: Days,
    /// Something to say about it; may be empty.
    pub note: String,
}

/// A value of a rule, over time.
#[derive(Clone, Debug)]
pub struct Dated {
    /// Its rule.
    pub rule: String,
    /// Its name in the rule.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// By first day.
    pub rows: Vec<ValueRow>,
}

impl Dated {
    /// The row in force on a day.
    #[must_use]
    pub fn row(&self, day: Days) -> Option<usize> {
        let after = self.rows.partition_point(|r| r.from <= day);
        let i = after.checked_sub(1)?;
        (day < self.rows[i].to).then_some(i)
    }
}

/// Membership of one partner for a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// Number of the partner.
    pub member: i64,
    /// First day.
    pub from: Days,
    /// First day no longer; `i64::MAX` where open.
    pub to: Days,
    /// Whether its source was read; a draft row never decides.
    pub stable: bool,
    /// Day on which it became public.
    pub published: Days,
    /// Day on which its end became public.
    pub ended: Days,
    /// Where it is from.
    pub cite: String,
    /// Where that can be read.
    pub url: String,
}

/// A list with dates.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// Its name: `lists.<name>`.
    pub name: String,
    /// What it is.
    pub title: String,
    /// How complete it is, in a sentence.
    pub completeness: String,
    /// Stretches over which every member stands on it, so that absence means "not on it".
    pub complete: Vec<(Days, Days)>,
    /// By partner, then first day.
    pub rows: Vec<ListRow>,
    /// First row of each partner number.
    pub(crate) starts: Vec<u32>,
}

impl List {
    /// A list made ready for questions; `members` is the size of the vocabulary.
    #[must_use]
    pub fn ready(mut self, members: usize) -> Self {
        self.rows.sort_by_key(|r| (r.member, r.from));
        let start = |m: usize| self.rows.partition_point(|r| r.member < m as i64) as u32;
        self.starts = (0..=members).map(start).collect();
        self
    }

    /// The rows of a partner.
    #[must_use]
    pub fn of(&self, member: i64) -> &[ListRow] {
        let Ok(m) = usize::try_from(member) else {
            return &[];
        };
        match (self.starts.get(m), self.starts.get(m + 1)) {
            (Some(a), Some(b)) => &self.rows[*a as usize..*b as usize],
            _ => &[],
        }
    }

    /// Whether a partner stood on it on a day. Absence counts only where the list is complete.
    #[must_use]
    pub fn holds(&self, member: i64, day: Days) -> Tri {
        let mut found = Tri::FALSE;
        for row in self.of(member) {
            if row.from <= day && day < row.to {
                found = found.or(if row.stable { Tri::TRUE } else { Tri::UNKNOWN });
            }
        }
        if found == Tri::FALSE
            && !self
                .complete
                .iter()
                .any(|(from, to)| *from <= day && day < *to)
        {
            return Tri::UNKNOWN;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(member: i64, from: Days, to: Days, stable: bool) -> ListRow {
        ListRow {
            member,
            from,
            to,
            stable,
            published: from,
            ended: to,
            cite: String::new(),
            url: String::new(),
        }
    }

    #[test]
    fn absence_counts_only_where_the_list_is_complete() {
        let list = List {
            complete: vec![(10, 20)],
            rows: vec![row(1, 12, 15, true), row(2, 12, 15, false)],
            ..List::default()
        }
        .ready(4);
        assert_eq!(list.holds(1, 12), Tri::TRUE);
        assert_eq!(list.holds(1, 15), Tri::FALSE);
        assert_eq!(list.holds(1, 20), Tri::UNKNOWN);
        assert_eq!(list.holds(2, 12), Tri::UNKNOWN, "a draft row never decides");
        assert_eq!(list.holds(3, 9), Tri::UNKNOWN);
    }

    #[test]
    fn a_value_holds_from_its_first_day_to_the_day_before_the_next() {
        let make = |from, to, value| ValueRow {
            from,
            to,
            value,
            cite: String::new(),
            url: String::new(),
            published: from,
            note: String::new(),
        };
        let dated = Dated {
            rule: String::new(),
            name: String::new(),
            kind: Type::Money,
            rows: vec![make(0, 10, 1), make(10, i64::MAX, 2)],
        };
        assert_eq!(
            [-1, 0, 9, 10].map(|d| dated.row(d)),
            [None, Some(0), Some(0), Some(1)]
        );
    }
}
