//! Huffman coding of coefficients (ITU-T T.81, annexes C, F.2.2 and G.2).
mod table;
pub(crate) use table::HuffmanSpec;
