//! Lines of time: planned as an outline, actual filled, the days that the law makes one wait hatched, and
//! the day it is. Drawn from the numbers of the table beside it.

use super::{Canvas, Svg, at, identifier};
use jiff::{ToSpan, civil::Date};

const WIDTH: f64 = 980.0;
const LEFT: f64 = 290.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 44.0;
const ROW: f64 = 22.0;
/// A name is cut after so many characters; the table has it whole.
const NAME: usize = 42;

/// A line of the picture. Days are inclusive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GanttLine {
    /// What it is called.
    pub name: String,
    /// As planned.
    pub planned: Option<(Date, Date)>,
    /// As it was.
    pub actual: Option<(Date, Date)>,
    /// Waiting by law.
    pub waits: Vec<(Date, Date)>,
}

/// The picture's contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gantt {
    /// Id, unique on the page.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows, in words.
    pub summary: String,
    /// First and last day.
    pub bounds: (Date, Date),
    /// The day it is.
    pub today: Date,
    /// Lines.
    pub lines: Vec<GanttLine>,
}

impl Gantt {
    fn x(&self, day: Date) -> f64 {
        let all = days(self.bounds.0, self.bounds.1).max(1.0);
        LEFT + days(self.bounds.0, day) / all * (WIDTH - LEFT - RIGHT)
    }

    fn bar(
        &self,
        canvas: &mut Canvas,
        (from, until): (Date, Date),
        (y, height): (f64, f64),
        class: &str,
    ) {
        let end = until.saturating_add(1.day());
        let (x, right) = (self.x(from), self.x(end).min(WIDTH - RIGHT + 4.0));
        if from == until {
            // A single day is a diamond: a bar of one day could not be seen.
            let (middle, half) = (y + height / 2.0, 5.0);
            canvas.raw(&format!(
                "<path class=\"{class}\" d=\"M{} {}l{half} {half}l-{half} {half}l-{half}-{half}z\"/>",
                at(x),
                at(middle - half)
            ));
            return;
        }
        canvas.raw(&format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            at(x),
            at(y),
            at((right - x).max(2.0)),
            at(height)
        ));
    }

    /// The first days of the months, quarters or years that fit.
    fn marks(&self) -> Vec<Date> {
        let months = days(self.bounds.0, self.bounds.1) / 30.4;
        let every = [1, 3, 6, 12, 24]
            .into_iter()
            .find(|n| months / f64::from(*n) <= 12.0)
            .unwrap_or(60);
        let mut marks = vec![];
        let mut day = jiff::civil::date(self.bounds.0.year(), 1, 1);
        while day <= self.bounds.1 && marks.len() < 60 {
            if day >= self.bounds.0 {
                marks.push(day);
            }
            day = day.saturating_add(every.months());
        }
        marks
    }
}

fn days(from: Date, until: Date) -> f64 {
    f64::from((until - from).get_days())
}

fn short(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let cut: String = name.chars().take(NAME - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Draws the lines.
#[must_use]
pub fn gantt(plan: &Gantt) -> Svg {
    let bottom = TOP + plan.lines.len() as f64 * ROW;
    let height = bottom + 10.0;
    let mut canvas = Canvas::new(
        &plan.id,
        "chart gantt",
        WIDTH,
        height,
        &plan.title,
        &plan.summary,
    );
    let id = identifier(&plan.id);
    canvas.raw(&format!(
        "<defs><pattern id=\"{id}-w\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <path class=\"wait-l\" d=\"M0 0V6\"/></pattern></defs>"
    ));
    key(&mut canvas, plan, &id);
    for day in plan.marks() {
        let x = plan.x(day);
        canvas.line((x, TOP - 4.0), (x, bottom), "grid");
        let text = match day.month() {
            1 => day.year().to_string(),
            _ => day.strftime("%b").to_string(),
        };
        canvas.text(x, TOP - 8.0, "lab", &text);
    }
    for (i, line) in plan.lines.iter().enumerate() {
        let y = TOP + i as f64 * ROW;
        canvas.text(0.0, y + 15.0, "name", &short(&line.name));
        for wait in &line.waits {
            plan.bar(&mut canvas, *wait, (y + 2.0, ROW - 4.0), "wait");
            let (x, right) = (plan.x(wait.0), plan.x(wait.1));
            canvas.raw(&format!(
                "<rect fill=\"url(#{id}-w)\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                at(x),
                at(y + 2.0),
                at((right - x).max(2.0)),
                at(ROW - 4.0)
            ));
        }
        if let Some(actual) = line.actual {
            plan.bar(&mut canvas, actual, (y + 7.0, 8.0), "did");
        }
        if let Some(planned) = line.planned {
            plan.bar(&mut canvas, planned, (y + 4.0, 14.0), "plan");
        }
    }
    let x = plan.x(plan.today);
    canvas.line((x, TOP - 4.0), (x, bottom + 4.0), "now");
    canvas.finish()
}

/// What each sort of mark is.
fn key(canvas: &mut Canvas, plan: &Gantt, id: &str) {
    let marks = [
        ("plan", "planned"),
        ("did", "actual"),
        ("wait", "waiting by law"),
    ];
    let mut x = 0.0;
    for (class, word) in marks {
        canvas.raw(&format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"3\" width=\"18\" height=\"10\"/>",
            at(x + 1.0)
        ));
        if class == "wait" {
            canvas.raw(&format!(
                "<rect fill=\"url(#{id}-w)\" x=\"{}\" y=\"3\" width=\"18\" height=\"10\"/>",
                at(x + 1.0)
            ));
        }
        canvas.text(x + 24.0, 12.0, "name", word);
        x += 36.0 + 7.0 * word.len() as f64;
    }
    canvas.line((x + 1.0, 2.0), (x + 1.0, 14.0), "now");
    canvas.text(x + 8.0, 12.0, "name", &format!("today, {}", plan.today));
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn plan(from: Date, until: Date) -> Gantt {
        Gantt {
            id: "g".to_owned(),
            title: "Boats <1>".to_owned(),
            summary: "Two lines".to_owned(),
            bounds: (from, until),
            today: from,
            lines: vec![
                GanttLine {
                    name: "A & B".to_owned(),
                    planned: Some((from, until)),
                    actual: Some((from, from)),
                    waits: vec![(from, until)],
                },
                GanttLine::default(),
            ],
        }
    }

    #[test]
    fn names_are_escaped_and_every_line_is_there() {
        let svg = gantt(&plan(date(2026, 1, 1), date(2026, 12, 31)));
        let svg = svg.as_str();
        assert!(svg.contains("A &amp; B") && svg.contains("Boats &lt;1&gt;"));
        assert_eq!(
            svg.matches("class=\"plan\"").count(),
            2,
            "one bar and the key"
        );
        assert!(svg.contains("class=\"now\""));
        assert!(!svg.contains("style="));
    }

    proptest! {
        #[test]
        fn any_days_are_drawn_within_the_picture(start in 0_i64..20_000, long in 0_i64..9_000, some in 0_i64..9_000) {
            let from = date(1970, 1, 1).saturating_add(start.days());
            let until = from.saturating_add(long.days());
            let plan = plan(from, until);
            let day = from.saturating_add((some.min(long)).days());
            let x = plan.x(day);
            prop_assert!((LEFT..=WIDTH).contains(&x), "{}", x);
            prop_assert!(plan.marks().len() <= 60);
            prop_assert!(!gantt(&plan).as_str().contains("NaN"));
        }
    }
}
