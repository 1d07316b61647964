//! The colours of the style sheet, measured (WCAG 2.2): text 4.5:1, marks 3:1 against what is under
//! them and against the series stacked next to them, in both themes.

const CSS: &str = include_str!("../../static/symbolon.css");

/// The value of a variable in the block that follows a marker comment.
fn colour(theme: &str, name: &str) -> [f64; 3] {
    let block = CSS
        .split(&format!("/* theme: {theme} */"))
        .nth(1)
        .expect("theme");
    let block = block.split('}').next().expect("block");
    let value = block
        .split(&format!("--{name}:#"))
        .nth(1)
        .unwrap_or_else(|| panic!("--{name}"));
    let channel = |i: usize| {
        let c = f64::from(u8::from_str_radix(&value[i..i + 2], 16).expect("hex")) / 255.0;
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    [channel(0), channel(2), channel(4)]
}

fn contrast(theme: &str, a: &str, b: &str) -> f64 {
    let light = |name| {
        let [r, g, b] = colour(theme, name);
        0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
    };
    let (a, b) = (light(a), light(b));
    a.max(b) / a.min(b)
}

#[track_caller]
fn at_least(ratio: f64, theme: &str, a: &str, b: &str) {
    let found = contrast(theme, a, b);
    assert!(
        found >= ratio,
        "{theme}: --{a} on --{b} is {found:.2}, needs {ratio}"
    );
}

const THEMES: [&str; 2] = ["light", "dark"];

#[test]
fn text_can_be_read() {
    for theme in THEMES {
        for text in ["ink", "soft", "link", "good", "bad", "warn", "info"] {
            for under in ["page", "card", "tint"] {
                at_least(4.5, theme, text, under);
            }
        }
        at_least(4.5, theme, "on-bar", "bar");
        at_least(4.5, theme, "on-mark", "mark");
        at_least(4.5, theme, "on-act", "act");
        at_least(4.5, theme, "gone", "gone-bg");
        at_least(4.5, theme, "new", "new-bg");
        at_least(3.0, theme, "edge", "card");
        at_least(3.0, theme, "focus", "page");
        at_least(3.0, theme, "focus", "card");
    }
}

#[test]
fn marks_stand_out_from_the_ground_and_from_each_other() {
    for theme in THEMES {
        for n in 0..8 {
            at_least(3.0, theme, &format!("s{n}"), "card");
            if n > 0 {
                at_least(3.0, theme, &format!("s{n}"), &format!("s{}", n - 1));
            }
        }
    }
}

#[test]
fn map_classes_stand_out_and_darken_in_even_steps() {
    for theme in THEMES {
        for n in 1..=5 {
            at_least(3.0, theme, &format!("c{n}"), "card");
            if n > 1 {
                at_least(1.3, theme, &format!("c{n}"), &format!("c{}", n - 1));
            }
        }
        at_least(2.0, theme, "c1", "c0");
        at_least(2.0, theme, "c1", "cn");
    }
}

#[test]
fn both_ways_to_dark_are_the_same() {
    let by = |marker: &str| {
        let block = CSS.split(marker).nth(1).expect("marker");
        block
            .split('}')
            .next()
            .expect("block")
            .split_whitespace()
            .collect::<String>()
    };
    assert_eq!(by("/* theme: dark */"), by("/* theme: dark, chosen */"));
}
