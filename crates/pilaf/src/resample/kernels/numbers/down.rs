//! The pass over columns, and rows that go past one of the passes.

use super::{BLOCK, PART, Stored, Transfer, samples_of_word};

/// The sums of one block of columns. In parts of a few vectors each, of which the compiler keeps
/// sight.
type Sums<N> = [[N; PART]; BLOCK / PART];

/// Adds one line's numbers, multiplied by a weight.
#[inline(always)]
fn add<T: Transfer>(sums: &mut Sums<T::Number>, line: &[u8], block: usize, weight: T::Number) {
    let words: &[[[u8; 4]; PART]; BLOCK / PART] =
        line[block * BLOCK * 4..].as_chunks().0.as_chunks().0.first_chunk().expect("whole blocks");
    for (sums, words) in sums.iter_mut().zip(words) {
        for (sum, &word) in sums.iter_mut().zip(words) {
            *sum = *sum + number::<T>(word) * weight;
        }
    }
}

/// The number in a line.
#[inline(always)]
fn number<T: Transfer>(word: [u8; 4]) -> T::Number {
    T::Stored::from_word(u32::from_ne_bytes(word)).into()
}

/// Calls `write` with each block of a row and its number. What is left of a row is made as a whole
/// block, too: of a part of one, the compiler makes sums one by one.
#[inline(always)]
fn for_each_block<T: Transfer>(target: &mut [u8], mut write: impl FnMut(usize, &mut [u8])) {
    let block_bytes = BLOCK * T::SAMPLE_BYTES;
    let blocks = target.len() / block_bytes;
    let mut whole = target.chunks_exact_mut(block_bytes);
    for (block, target) in (&mut whole).enumerate() {
        write(block, target);
    }
    let rest = whole.into_remainder();
    if !rest.is_empty() {
        let mut last = [0; BLOCK * 4];
        write(blocks, &mut last[..block_bytes]);
        rest.copy_from_slice(&last[..rest.len()]);
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
            let mut sums: Sums<T::Number> = Default::default();
            for (line, &weight) in lines.iter().zip(weights) {
                add::<T>(&mut sums, line, block, weight);
            }
            transfer.encode(sums.as_flattened(), bands, target);
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
            let mut numbers = [T::Number::default(); BLOCK];
            let words = line[block * BLOCK * 4..].as_chunks().0;
            for (number, &word) in numbers.iter_mut().zip(words) {
                *number = self::number::<T>(word);
            }
            transfer.encode(&numbers, bands, target);
        },
    );
}

/// Makes a line of a row.
#[inline(always)]
pub(super) fn store_row<T: Transfer>(transfer: T, row: &[u8], bands: usize, line: &mut [u8]) {
    let samples = samples_of_word::<T>();
    let (words, rest) = row.as_chunks::<4>();
    // The last part may be shorter than a word's, and still holds all samples that are left.
    let mut parts = line.as_chunks_mut::<4>().0.chunks_mut(samples);
    for (&word, part) in words.iter().zip(&mut parts) {
        store_word(transfer, word, bands, part);
    }
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    if let Some(part) = parts.next().filter(|_| !rest.is_empty()) {
        store_word(transfer, last, bands, part);
    }
}

#[inline(always)]
fn store_word<T: Transfer>(transfer: T, word: [u8; 4], bands: usize, part: &mut [[u8; 4]]) {
    for (sample, place) in part.iter_mut().enumerate() {
        let stored = transfer.decode(u32::from_ne_bytes(word), bands, sample);
        *place = stored.to_word().to_ne_bytes();
    }
}
