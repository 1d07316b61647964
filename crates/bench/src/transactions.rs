//! Invented transactions: 180 countries, 27 years, 20 authorities, 6 kinds, from a seed.

use std::io::Write;
use symbolon_insight::rollup::Sums;

/// Countries.
pub(crate) const COUNTRIES: u16 = 180;
/// First fiscal year.
pub(crate) const FIRST_YEAR: u16 = 1999;
const YEARS: f64 = 27.0;
const AUTHORITIES: f64 = 20.0;
const KINDS: f64 = 6.0;

/// One transaction: country, year, authority and kind by number, and an amount.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transaction {
    pub(crate) key: [u16; 4],
    pub(crate) cents: i64,
}

impl Transaction {
    pub(crate) fn sums(&self) -> Sums<1> {
        Sums {
            count: 1,
            measures: [self.cents],
        }
    }
}

/// The code of a country: two letters.
pub(crate) fn country(n: u16) -> String {
    let letter = |n: u16| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    format!("{}{}", letter(n / 26), letter(n))
}

/// A stream of numbers below one, the same every time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// So many transactions: few countries have most of them, early authorities more than late ones,
/// amounts are log-normal.
pub(crate) fn all(rows: usize) -> impl Iterator<Item = Transaction> {
    let mut random = Random(11);
    let mut sum = 0.0;
    let steps: Vec<f64> = (1..=COUNTRIES)
        .map(|i| {
            sum += f64::from(i).powf(-0.7);
            sum
        })
        .collect();
    (0..rows).map(move |_| {
        let place = random.next() * sum;
        let country = steps.partition_point(|s| *s <= place) as u16;
        let mut below = |n: f64, power: f64| (random.next().powf(power) * n) as u16;
        let (authority, year, kind) = (
            below(AUTHORITIES, 1.6),
            below(YEARS, 1.0),
            below(KINDS, 1.0),
        );
        let (a, b) = (1.0 - random.next(), random.next());
        let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
        Transaction {
            key: [
                country.min(COUNTRIES - 1),
                FIRST_YEAR + year,
                authority,
                kind,
            ],
            cents: (13.0 + 2.0 * normal).exp() as i64,
        }
    })
}

/// Writes them as CSV.
pub(crate) fn write_csv(rows: usize, out: &mut impl Write) -> std::io::Result<()> {
    let codes: Vec<String> = (0..COUNTRIES).map(country).collect();
    writeln!(out, "id,country,authority,fy,kind,amount_cents")?;
    for (id, t) in all(rows).enumerate() {
        let [country, fy, authority, kind] = t.key;
        let country = &codes[usize::from(country)];
        writeln!(
            out,
            "{id},{country},A{authority:02},{fy},K{kind},{}",
            t.cents
        )?;
    }
    Ok(())
}
