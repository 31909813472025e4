//! The specification.

use std::array::from_fn;

pub(super) fn rows(rows: [&[u8; 16]; 4]) -> [[u32; 4]; 4] {
    from_fn(|column| rows.map(|row| u32::from_ne_bytes(row.as_chunks::<4>().0[column])))
}

pub(super) fn columns(columns: [[u32; 4]; 4]) -> [[u8; 16]; 4] {
    from_fn(|row| from_fn(|at| columns[at / 4][row].to_ne_bytes()[at % 4]))
}
