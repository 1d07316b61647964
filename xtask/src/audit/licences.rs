//! Licences: every package must offer at least one way that is on the list.

use super::graph::Package;

/// Licences under which we take code into the program.
const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    // Permissive, for data: the certificate roots of `webpki-roots`.
    "CDLA-Permissive-2.0",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages whose licence is not on the list.
pub(super) fn faults(packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .filter_map(|p| match &p.license {
            None => Some(format!("{} {} states no licence", p.name, p.version)),
            Some(licence) if !allowed(licence) => Some(format!(
                "{} {}: the licence `{licence}` is not on the list",
                p.name, p.version
            )),
            Some(_) => None,
        })
        .collect()
}

/// Whether an SPDX expression can be met with licences of the list. `AND` binds tighter than `OR`.
fn allowed(expression: &str) -> bool {
    let words = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest) && rest.is_empty()
}

fn either(words: &mut &[&str]) -> bool {
    let mut met = all(words);
    while let [word, rest @ ..] = *words
        && word.eq_ignore_ascii_case("or")
    {
        *words = rest;
        met |= all(words);
    }
    met
}

fn all(words: &mut &[&str]) -> bool {
    let mut met = one(words);
    while let [word, rest @ ..] = *words
        && word.eq_ignore_ascii_case("and")
    {
        *words = rest;
        met &= one(words);
    }
    met
}

fn one(words: &mut &[&str]) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let met = either(words);
            if let [")", rest @ ..] = *words {
                *words = rest;
            }
            met
        }
        [licence, with, exception, rest @ ..] if with.eq_ignore_ascii_case("with") => {
            *words = rest;
            ALLOWED.contains(&format!("{licence} WITH {exception}").as_str())
        }
        [licence, rest @ ..] => {
            *words = rest;
            ALLOWED.contains(licence)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_way_is_enough_and_every_part_of_it_is_needed() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "GPL-2.0 OR MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
            "Apache-2.0 AND ISC",
        ] {
            assert!(allowed(good), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT AND AGPL-3.0) OR SSPL-1.0",
            "MIT GPL",
        ] {
            assert!(!allowed(bad), "{bad}");
        }
    }
}
