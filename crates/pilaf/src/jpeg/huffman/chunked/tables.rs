//! The wide tables of a scan, shared between scans that use the standard ones.

use std::sync::{Arc, OnceLock};

use super::stream::Cell;
use super::wide::{self, Codes, ENTRIES};
use crate::jpeg::huffman::{HuffmanSpec, standard_tables};

/// Wide tables for the components of a scan: for each pair of specifications a DC and an AC table.
pub(super) struct WideTables {
    entries: Vec<u32>,
    codes: Vec<Codes>,
    /// For each component, the number of its pair.
    pairs: Vec<usize>,
}

impl WideTables {
    /// The tables for components with these DC and AC specifications.
    pub(super) fn get(specs: &[(&HuffmanSpec, &HuffmanSpec)]) -> Arc<Self> {
        static STANDARD: OnceLock<Option<(Standard, Arc<WideTables>)>> = OnceLock::new();
        let standard = STANDARD.get_or_init(|| {
            let specs = [standard_tables(0)?, standard_tables(1)?];
            let [luma, chroma] = specs.each_ref().map(|(dc, ac)| (dc, ac));
            let tables = Arc::new(Self::build(&[luma, chroma, chroma]));
            Some((specs, tables))
        });
        match (standard, specs) {
            (Some(([luma, chroma], tables)), [first, second, third])
                if is_pair(first, luma) && is_pair(second, chroma) && is_pair(third, chroma) =>
            {
                Arc::clone(tables)
            }
            _ => Arc::new(Self::build(specs)),
        }
    }

    fn build(specs: &[(&HuffmanSpec, &HuffmanSpec)]) -> Self {
        let mut tables = Self { entries: Vec::new(), codes: Vec::new(), pairs: Vec::new() };
        let mut built: Vec<(&HuffmanSpec, &HuffmanSpec)> = Vec::new();
        for &(dc, ac) in specs {
            let known = built.iter().position(|&pair| pair == (dc, ac));
            tables.pairs.push(known.unwrap_or(built.len()));
            if known.is_none() {
                built.push((dc, ac));
                tables.add(dc, true, ac);
                tables.add(ac, false, ac);
            }
        }
        tables
    }

    fn add(&mut self, spec: &HuffmanSpec, dc: bool, after: &HuffmanSpec) {
        let start = self.entries.len();
        self.entries.resize(start + ENTRIES, 0);
        self.codes.push(wide::build(spec, dc, after, &mut self.entries[start..]));
    }

    /// An empty block of this component.
    pub(super) fn cell(&self, component: usize) -> Cell {
        let pair = self.pairs[component];
        Cell::new(self, 2 * pair, 2 * pair + 1)
    }

    pub(super) fn entries(&self) -> &[u32] {
        &self.entries
    }

    /// The table at `address`.
    pub(super) fn table(&self, address: usize) -> &[u32] {
        &self.entries[self.number(address) * ENTRIES..][..ENTRIES]
    }

    /// The codes of the table at `address`.
    pub(super) fn codes(&self, address: usize) -> &Codes {
        &self.codes[self.number(address)]
    }

    fn number(&self, address: usize) -> usize {
        (address - self.entries.as_ptr().addr()) / (size_of::<u32>() * ENTRIES)
    }
}

type Standard = [(HuffmanSpec, HuffmanSpec); 2];

fn is_pair(pair: &(&HuffmanSpec, &HuffmanSpec), standard: &(HuffmanSpec, HuffmanSpec)) -> bool {
    (pair.0, pair.1) == (&standard.0, &standard.1)
}
