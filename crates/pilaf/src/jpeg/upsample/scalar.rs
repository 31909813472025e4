//! The specification of each upsampling kernel. Inputs are rows of real samples, without padding.

/// Doubles a row horizontally with the triangle filter.
///
/// `out` has twice the length of `input`, or one sample less.
pub(crate) fn fancy_h2v1(input: &[u8], out: &mut [u8]) {
    let last = input.len() - 1;
    check(input.len() * 2, out);
    for (x, sample) in out.iter_mut().enumerate() {
        let near = u16::from(input[x / 2]);
        let left = u16::from(input[(x / 2).saturating_sub(1)]);
        let right = u16::from(input[(x / 2 + 1).min(last)]);
        *sample =
            if x % 2 == 0 { (3 * near + left + 1) / 4 } else { (3 * near + right + 2) / 4 } as u8;
    }
}

/// Which of the two output rows of an input row is made: `far` is the row above it, or the row below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    Upper,
    Lower,
}

/// One output row of the vertical triangle filter, from the input row `near` and its neighbour `far`.
pub(crate) fn fancy_h1v2(near: &[u8], far: &[u8], half: Half, out: &mut [u8]) {
    assert!(near.len() == far.len() && out.len() == near.len(), "row lengths differ");
    let bias = match half {
        Half::Upper => 1,
        Half::Lower => 2,
    };
    for ((sample, &near), &far) in out.iter_mut().zip(near).zip(far) {
        *sample = ((3 * u16::from(near) + u16::from(far) + bias) / 4) as u8;
    }
}

/// One output row of the two-dimensional triangle filter; both halves round alike.
///
/// `out` has twice the length of `near`, or one sample less.
pub(crate) fn fancy_h2v2(near: &[u8], far: &[u8], out: &mut [u8]) {
    assert!(near.len() == far.len(), "row lengths differ");
    check(near.len() * 2, out);
    let last = near.len() - 1;
    let column = |x: usize| 3 * u16::from(near[x]) + u16::from(far[x]);
    for (x, sample) in out.iter_mut().enumerate() {
        let this = 3 * column(x / 2);
        *sample = if x % 2 == 0 {
            (this + column((x / 2).saturating_sub(1)) + 8) / 16
        } else {
            (this + column((x / 2 + 1).min(last)) + 7) / 16
        } as u8;
    }
}

/// Repeats each sample `factor` times; `out` may end within the last repetition.
pub(crate) fn replicate(input: &[u8], factor: usize, out: &mut [u8]) {
    assert!(out.len() <= input.len() * factor, "input row too short");
    for (samples, &value) in out.chunks_mut(factor).zip(input) {
        samples.fill(value);
    }
}

fn check(full: usize, out: &[u8]) {
    assert!(out.len() == full || out.len() + 1 == full, "output is not twice the input");
}
