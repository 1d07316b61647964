//! Scales that start at zero and end on a round number.

/// A linear scale from `low` to `high` in equal steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// Lowest value shown; zero unless values are negative.
    pub low: f64,
    /// Highest value shown.
    pub high: f64,
    /// Distance between two grid lines.
    pub step: f64,
}

impl Scale {
    /// A scale that holds zero and every value.
    pub(super) fn over(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for v in values.filter(|v| v.is_finite()) {
            low = low.min(v);
            high = high.max(v);
        }
        if high - low <= 0.0 {
            high = 1.0;
        }
        let step = round_step((high - low) / 4.0);
        Self {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            step,
        }
    }

    /// Where a value stands between `bottom` and `top`.
    pub(super) fn place(&self, value: f64, bottom: f64, top: f64) -> f64 {
        bottom + (value - self.low) / (self.high - self.low) * (top - bottom)
    }

    /// The values of the grid lines.
    pub(super) fn ticks(&self) -> Vec<f64> {
        let mut ticks = Vec::new();
        let mut value = self.low;
        while value <= self.high + self.step / 2.0 && ticks.len() < 12 {
            ticks.push(if value.abs() < self.step / 1e6 {
                0.0
            } else {
                value
            });
            value += self.step;
        }
        ticks
    }
}

/// The next 1, 2 or 5 times a power of ten.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .find(|f| f * power >= rough * 0.999);
    factor.unwrap_or(10.0) * power
}

/// Every how many labels one is written, so that they do not touch.
pub(super) fn label_every(labels: &[String], width: f64) -> usize {
    let widest = labels.iter().map(|l| l.chars().count()).max().unwrap_or(1);
    let needed = (widest as f64 * 7.0 + 8.0) * labels.len() as f64 / width;
    (1..=50)
        .find(|n| f64::from(*n) >= needed)
        .map_or(50, |n| n as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_start_at_zero_and_end_round() {
        let scale = Scale::over([3.0, 87.0].into_iter());
        assert_eq!(
            scale,
            Scale {
                low: 0.0,
                high: 100.0,
                step: 25.0
            }
        );
        let wgi = Scale::over([-1.8, -0.4].into_iter());
        assert_eq!((wgi.low, wgi.high), (-2.0, 0.0));
        assert_eq!(Scale::over(std::iter::empty()).high, 1.0);
        assert_eq!(Scale::over([f64::NAN].into_iter()).high, 1.0);
    }
}
