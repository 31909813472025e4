//! Turning: four words of each of four rows become four words of each of four columns.

#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(any(test, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod scalar;
#[cfg(target_arch = "x86_64")]
mod sse41;

#[cfg(target_arch = "aarch64")]
use neon as here;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use scalar as here;
#[cfg(target_arch = "x86_64")]
use sse41 as here;

/// The columns of rows of four words each.
#[inline(always)]
pub(super) fn rows(rows: [&[u8; 16]; 4]) -> [[u32; 4]; 4] {
    here::rows(rows)
}

/// The rows of columns of four words each.
#[inline(always)]
pub(super) fn columns(columns: [[u32; 4]; 4]) -> [[u8; 16]; 4] {
    here::columns(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_goes_where_the_specification_puts_it() {
        let bytes: [[u8; 16]; 4] =
            std::array::from_fn(|row| std::array::from_fn(|at| (row * 16 + at) as u8));
        let turned = rows(bytes.each_ref());
        assert_eq!(turned, scalar::rows(bytes.each_ref()));
        assert_eq!(turned[1][2].to_ne_bytes(), [36, 37, 38, 39]);
        assert_eq!(columns(turned), bytes);
        assert_eq!(scalar::columns(turned), bytes);
    }
}
