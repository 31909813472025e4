//! How much the header of a PNG still lacks that ends before its first IDAT chunk.

/// Length and type of a chunk (W3C PNG, 5.3).
const CHUNK_HEAD: usize = 8;
/// Signature and IHDR chunk.
const LEAST: usize = 33;

/// The bytes that are missing at least from `data`, which has a PNG's signature and no IDAT chunk
/// yet, and width and height if they are there.
pub(in crate::formats) fn missing(data: &[u8]) -> (usize, Option<(u32, u32)>) {
    let number = |at: usize| Some(u32::from_be_bytes(*data.get(at..)?.first_chunk()?));
    let size = number(16).zip(number(20));
    let mut at = CHUNK_HEAD;
    loop {
        let needed = match number(at) {
            Some(length) if data.len() >= at + CHUNK_HEAD => {
                at = at.saturating_add(length as usize).saturating_add(CHUNK_HEAD + 4);
                at.saturating_add(CHUNK_HEAD)
            }
            _ => at + CHUNK_HEAD,
        };
        let needed = needed.max(LEAST + CHUNK_HEAD);
        if needed > data.len() {
            return (needed - data.len(), size);
        }
    }
}
