//! The shortest table for given counts (ITU-T T.81, K.2).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Counts;
use crate::jpeg::huffman::HuffmanSpec;

/// The longest code that JPEG allows.
const LONGEST: usize = 16;

/// Gives every symbol that occurs a code, the more frequent the shorter.
///
/// A symbol of count 1 behind the real ones takes the code of all ones, which JPEG reserves. Where
/// counts are equal the larger symbol goes deeper, as in libjpeg, so the table is libjpeg's.
pub(in crate::jpeg::encode) fn optimal_table(counts: &Counts) -> HuffmanSpec {
    let mut symbols: Vec<u8> = (0..=255).filter(|&s| counts[usize::from(s)] > 0).collect();
    let weights: Vec<u64> =
        symbols.iter().map(|&s| counts[usize::from(s)].into()).chain([1]).collect();
    let lengths = code_lengths(&weights);
    let mut per_length = [0usize; 257];
    lengths.iter().for_each(|&length| per_length[length] += 1);
    shorten(&mut per_length);
    let longest = (1..=LONGEST).rev().find(|&length| per_length[length] > 0).unwrap_or(1);
    per_length[longest] = per_length[longest].saturating_sub(1);

    let rank: Vec<(usize, u8)> = lengths.into_iter().zip(symbols.iter().copied()).collect();
    let mut order = rank;
    order.sort();
    symbols = order.into_iter().map(|(_, symbol)| symbol).collect();
    let mut spec = HuffmanSpec { counts: [0; 16], symbols: [0; 256] };
    spec.symbols[..symbols.len()].copy_from_slice(&symbols);
    for (count, &wanted) in spec.counts.iter_mut().zip(&per_length[1..]) {
        *count = wanted as u8;
    }
    spec
}

/// Length of each symbol's code in Huffman's tree (T.81, figure K.1).
fn code_lengths(weights: &[u64]) -> Vec<usize> {
    // Nodes are the symbols, then the pairs; equal weights are taken by falling rank, and a pair
    // has the rank of its lighter half.
    let mut parents = vec![0; weights.len()];
    let mut heap: BinaryHeap<_> =
        weights.iter().enumerate().map(|(node, &weight)| (Reverse(weight), node, node)).collect();
    while let (Some((Reverse(light), rank, a)), Some((Reverse(heavy), _, b))) =
        (heap.pop(), heap.pop())
    {
        let pair = parents.len();
        parents.push(0);
        (parents[a], parents[b]) = (pair, pair);
        heap.push((Reverse(light + heavy), rank, pair));
    }
    // Parents stand behind their children.
    let mut depths = vec![0; parents.len()];
    for node in (0..parents.len().saturating_sub(1)).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    depths.truncate(weights.len());
    depths
}

/// Moves symbols of codes that are too long to shorter ones (T.81, figure K.3).
fn shorten(per_length: &mut [usize; 257]) {
    for length in (LONGEST + 1..per_length.len()).rev() {
        while per_length[length] > 0 {
            // Of a pair of longest codes, one takes their common prefix; the other shares with a
            // symbol of a shorter code, which gets one bit more.
            let shorter = (1..=length - 2).rev().find(|&shorter| per_length[shorter] > 0);
            let Some(shorter) = shorter else { break };
            per_length[length] -= 2;
            per_length[length - 1] += 1;
            per_length[shorter + 1] += 2;
            per_length[shorter] -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(pairs: &[(u8, u32)]) -> HuffmanSpec {
        let mut counts = [0; 256];
        pairs.iter().for_each(|&(symbol, count)| counts[usize::from(symbol)] = count);
        optimal_table(&counts)
    }

    #[test]
    fn one_symbol_has_a_code_of_one_bit() {
        let spec = table(&[(7, 100)]);
        assert_eq!((spec.counts[0], spec.symbols[0]), (1, 7));
        assert_eq!(table(&[]).counts, [0; 16], "no symbol, no code");
    }

    #[test]
    fn frequent_symbols_are_short() {
        let spec = table(&[(1, 50), (2, 20), (3, 20), (4, 1)]);
        assert_eq!(spec.counts[..5], [1, 1, 1, 1, 0]);
        assert_eq!(spec.symbols[..4], [1, 2, 3, 4]);
    }

    #[test]
    fn no_code_is_longer_than_sixteen_bits_or_all_ones() {
        let (mut a, mut b) = (1u32, 1u32);
        let fibonacci: Vec<(u8, u32)> = (0..40)
            .map(|symbol| {
                (a, b) = (b, a + b);
                (symbol, a)
            })
            .collect();
        let spec = table(&fibonacci);
        assert_eq!(spec.counts.iter().map(|&c| usize::from(c)).sum::<usize>(), 40);
        let room: u32 = (0..16).map(|i| u32::from(spec.counts[i]) << (15 - i)).sum();
        assert!(room < 1 << 16, "the codes fit, and one is left over");
    }
}
