//! iCalendar (RFC 5545): all-day events with a reminder, as programs that show calendars subscribe to them.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};

/// A line is folded before it grows longer, in octets without its end (section 3.1).
const LONGEST: usize = 75;

/// Something on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The same event keeps it for ever.
    pub uid: String,
    /// The day.
    pub day: Date,
    /// What it is, in a line.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Where it can be read.
    pub url: String,
    /// What it belongs to.
    pub category: String,
}

/// A calendar as it was made at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub made: Timestamp,
    /// Its events.
    pub events: Vec<Event>,
}

/// A text as a value: backslash, semicolon, comma and ends of line escaped, other controls left out
/// (section 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a content line, folded between characters.
fn line(out: &mut String, text: &str) {
    let mut left = LONGEST;
    for c in text.chars() {
        if c.len_utf8() > left {
            out.push_str("\r\n ");
            left = LONGEST - 1;
        }
        out.push(c);
        left -= c.len_utf8();
    }
    out.push_str("\r\n");
}

fn stamp(at: Timestamp) -> String {
    let utc: DateTime = at.to_zoned(TimeZone::UTC).datetime();
    utc.strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Event {
    fn write(&self, out: &mut String, made: &str) {
        let next = self.day.saturating_add(1.day());
        let date = |d: Date| d.strftime("%Y%m%d").to_string();
        line(out, "BEGIN:VEVENT");
        line(out, &format!("UID:{}", escaped(&self.uid)));
        line(out, &format!("DTSTAMP:{made}"));
        line(out, &format!("DTSTART;VALUE=DATE:{}", date(self.day)));
        line(out, &format!("DTEND;VALUE=DATE:{}", date(next)));
        line(out, &format!("SUMMARY:{}", escaped(&self.summary)));
        line(out, &format!("DESCRIPTION:{}", escaped(&self.description)));
        line(out, &format!("CATEGORIES:{}", escaped(&self.category)));
        // A URI is no text: nothing in it is escaped, and ours hold no control.
        line(out, &format!("URL:{}", self.url));
        line(out, "CLASS:PRIVATE");
        line(out, "TRANSP:TRANSPARENT");
        line(out, "BEGIN:VALARM");
        line(out, "ACTION:DISPLAY");
        line(out, "TRIGGER:-P1D");
        line(out, &format!("DESCRIPTION:{}", escaped(&self.summary)));
        line(out, "END:VALARM");
        line(out, "END:VEVENT");
    }
}

impl Calendar {
    /// The file, with the line ends of the standard.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let made = stamp(self.made);
        line(&mut out, "BEGIN:VCALENDAR");
        line(&mut out, "VERSION:2.0");
        line(&mut out, "PRODID:-//Symbolon//My work//EN");
        line(&mut out, "CALSCALE:GREGORIAN");
        line(&mut out, "METHOD:PUBLISH");
        line(&mut out, &format!("X-WR-CALNAME:{}", escaped(&self.name)));
        line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT6H");
        for event in &self.events {
            event.write(&mut out, &made);
        }
        line(&mut out, "END:VCALENDAR");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn event(summary: &str) -> Calendar {
        Calendar {
            name: "My work".to_owned(),
            made: "2026-01-02T03:04:05Z".parse().unwrap(),
            events: vec![Event {
                uid: "1-due".to_owned(),
                day: date(2026, 12, 31),
                summary: summary.to_owned(),
                description: "One\nTwo".to_owned(),
                url: "https://symbolon.example/records/case/1".to_owned(),
                category: "Case".to_owned(),
            }],
        }
    }

    #[test]
    fn a_day_ends_on_the_next_one_and_the_stamp_is_in_utc() {
        let text = event("Ship; boats, radars\\").text();
        for wanted in [
            "DTSTAMP:20260102T030405Z\r\n",
            "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n",
            "SUMMARY:Ship\\; boats\\, radars\\\\\r\n",
            "DESCRIPTION:One\\nTwo\r\n",
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }

    /// What stands in a text value once it is read.
    fn read(value: &str) -> String {
        let mut out = String::new();
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('n') => out.push('\n'),
                    Some(other) => out.push(other),
                    None => panic!("a value ends in a backslash"),
                },
                other => out.push(other),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_unfolded_it_says_what_was_said(words in "\\PC{0,300}", more in "[\\n;,\\\\ a-zé中]{0,80}") {
            let said = format!("{words}{more}");
            let text = event(&said).text();
            prop_assert!(text.ends_with("\r\n"));
            for folded in text.split("\r\n") {
                prop_assert!(folded.len() <= LONGEST, "{folded}");
                prop_assert!(!folded.contains(['\r', '\n']));
            }
            let whole = text.replace("\r\n ", "");
            let summary = whole.split("\r\n").find_map(|l| l.strip_prefix("SUMMARY:")).unwrap();
            prop_assert_eq!(read(summary), said);
        }
    }
}
