//! The pass over columns, and rows that go past one of the passes.

use super::{BLOCK, FOUR, Stored, Transfer, samples_of_word};

/// The numbers of one block of a line.
#[inline(always)]
fn numbers_of<T: Transfer>(line: &[u8], block: usize) -> [T::Number; BLOCK] {
    let words: &[[u8; 4]; BLOCK] =
        line[block * BLOCK * 4..].as_chunks().0.first_chunk().expect("lines hold whole blocks");
    let mut numbers = [T::Number::default(); BLOCK];
    for (number, &word) in numbers.iter_mut().zip(words) {
        *number = T::Stored::from_word(u32::from_ne_bytes(word)).into();
    }
    numbers
}

/// The sums of one block of columns.
#[inline(always)]
fn sum_block<T: Transfer>(
    lines: &[&[u8]],
    weights: &[T::Number],
    block: usize,
) -> [T::Number; BLOCK] {
    let mut sums = [T::Number::default(); BLOCK];
    for (line, &weight) in lines.iter().zip(weights) {
        let numbers = numbers_of::<T>(line, block);
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum = *sum + number * weight;
        }
    }
    sums
}

/// Calls `write` with each block of a row and its number. Most are whole, and compiled as such.
#[inline(always)]
fn for_each_block<T: Transfer>(target: &mut [u8], mut write: impl FnMut(usize, &mut [u8])) {
    let blocks = target.len() / (BLOCK * T::SAMPLE_BYTES);
    let mut whole = target.chunks_exact_mut(BLOCK * T::SAMPLE_BYTES);
    for (block, target) in (&mut whole).enumerate() {
        write(block, target);
    }
    let rest = whole.into_remainder();
    if !rest.is_empty() {
        write(blocks, rest);
    }
}

/// Makes a row from the lines of its window.
#[inline(always)]
pub(super) fn combine_lines<T: Transfer>(
    transfer: T,
    lines: &[&[u8]],
    weights: &[T::Number],
    bands: usize,
    target: &mut [u8],
) {
    for_each_block::<T>(
        target,
        #[inline(always)]
        |block, target| {
            let sums = sum_block::<T>(lines, weights, block);
            transfer.encode(&sums[..target.len() / T::SAMPLE_BYTES], bands, target);
        },
    );
}

/// Makes a row of a line.
#[inline(always)]
pub(super) fn load_row<T: Transfer>(transfer: T, line: &[u8], bands: usize, target: &mut [u8]) {
    for_each_block::<T>(
        target,
        #[inline(always)]
        |block, target| {
            let numbers = numbers_of::<T>(line, block);
            transfer.encode(&numbers[..target.len() / T::SAMPLE_BYTES], bands, target);
        },
    );
}

/// Makes a line of a row.
#[inline(always)]
pub(super) fn store_row<T: Transfer>(transfer: T, row: &[u8], bands: usize, line: &mut [u8]) {
    let (blocks, rest) = row.as_chunks::<{ FOUR * 4 }>();
    // The last part may be shorter than a block, and still holds all samples that are left.
    let mut parts = line.chunks_mut(FOUR * samples_of_word::<T>() * 4);
    for (block, part) in blocks.iter().zip(&mut parts) {
        store_block(transfer, block, bands, part);
    }
    let mut last = [0; FOUR * 4];
    last[..rest.len()].copy_from_slice(rest);
    if let Some(part) = parts.next().filter(|_| !rest.is_empty()) {
        store_block(transfer, &last, bands, part);
    }
}

#[inline(always)]
fn store_block<T: Transfer>(transfer: T, block: &[u8; FOUR * 4], bands: usize, part: &mut [u8]) {
    let mut words = [0; FOUR];
    for (word, &bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_ne_bytes(bytes);
    }
    let samples = samples_of_word::<T>();
    for sample in 0..samples {
        let places = part.as_chunks_mut::<4>().0.iter_mut().skip(sample).step_by(samples);
        for (place, stored) in places.zip(transfer.decode(&words, bands, sample)) {
            *place = stored.to_word().to_ne_bytes();
        }
    }
}
