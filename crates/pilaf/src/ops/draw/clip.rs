//! Which part of a horizontal run is drawn: half-planes, and what is in both or in either of two.

/// A part of the plane.
pub(super) enum Clip {
    /// All of it.
    All,
    /// Where `a x + b y + c` is positive.
    Half {
        a: f64,
        b: f64,
        c: f64,
    },
    Both(Box<Clip>, Box<Clip>),
    Either(Box<Clip>, Box<Clip>),
}

/// What counts as 0.
const NOTHING: f64 = 1e-9;

/// Columns from the first to the last.
type Run = (i64, i64);

impl Clip {
    pub(super) fn both(first: Self, second: Self) -> Self {
        Self::Both(first.into(), second.into())
    }

    pub(super) fn either(first: Self, second: Self) -> Self {
        Self::Either(first.into(), second.into())
    }

    /// The same part with x and y exchanged.
    pub(super) fn transposed(self) -> Self {
        match self {
            Self::All => Self::All,
            Self::Half { a, b, c } => Self::Half { a: b, b: a, c },
            Self::Both(first, second) => Self::both(first.transposed(), second.transposed()),
            Self::Either(first, second) => Self::either(first.transposed(), second.transposed()),
        }
    }

    /// What of a run in row `y` is inside, from left to right and apart from each other.
    pub(super) fn inside(&self, run: Run, y: i64) -> Vec<Run> {
        match self {
            Self::All => vec![run],
            &Self::Half { a, b, c } => half(run, a, b * y as f64 + c).into_iter().collect(),
            Self::Both(first, second) => common(&first.inside(run, y), &second.inside(run, y)),
            Self::Either(first, second) => {
                joined([first.inside(run, y), second.inside(run, y)].concat())
            }
        }
    }
}

/// The columns of a run where `a x + rest` is positive.
fn half((mut left, mut right): Run, a: f64, rest: f64) -> Option<Run> {
    if a.abs() < NOTHING {
        return (rest >= -NOTHING).then_some((left, right));
    }
    let crossing = -rest / a;
    if a * left as f64 + rest < NOTHING {
        left = (left as f64).max(crossing).round() as i64;
    }
    if a * right as f64 + rest < NOTHING {
        right = (right as f64).min(crossing).round() as i64;
    }
    (left <= right).then_some((left, right))
}

fn common(first: &[Run], second: &[Run]) -> Vec<Run> {
    let pairs = first.iter().flat_map(|a| second.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))));
    pairs.filter(|(left, right)| left <= right).collect()
}

/// Runs that share a column become one.
fn joined(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_unstable();
    let mut joined: Vec<Run> = Vec::new();
    for (left, right) in runs {
        match joined.last_mut() {
            Some(last) if left <= last.1 => last.1 = last.1.max(right),
            _ => joined.push((left, right)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_cut_and_joined() {
        let from = |x: i64| Clip::Half { a: 1.0, b: 0.0, c: -(x as f64) };
        let up_to = |x: i64| Clip::Half { a: -1.0, b: 0.0, c: x as f64 };
        assert_eq!(from(3).inside((0, 9), 5), [(3, 9)]);
        assert_eq!(Clip::both(from(3), up_to(6)).inside((0, 9), 5), [(3, 6)]);
        assert_eq!(Clip::either(from(6), up_to(3)).inside((0, 9), 5), [(0, 3), (6, 9)]);
        assert_eq!(Clip::either(from(3), up_to(3)).inside((0, 9), 5), [(0, 9)]);
        assert_eq!(Clip::both(from(6), up_to(3)).inside((0, 9), 5), []);
        assert_eq!(from(3).transposed().inside((0, 9), 5), [(0, 9)]);
        assert_eq!(from(6).transposed().inside((0, 9), 5), []);
    }
}
