//! Several crates put together, as a program would.

use super::{Filter, Peer};

pub struct Stack {
    pub name: &'static str,
    pub decoder: Box<dyn Peer>,
    pub resizer: Box<dyn Peer>,
    pub encoder: Box<dyn Peer>,
}

impl Peer for Stack {
    fn name(&self) -> &'static str {
        self.name
    }

    fn crates(&self) -> Vec<&'static str> {
        let parts = [&self.decoder, &self.resizer, &self.encoder];
        let mut crates: Vec<_> = parts.into_iter().flat_map(|part| part.crates()).collect();
        crates.sort_unstable();
        crates.dedup();
        crates
    }

    fn thumbnail(&mut self, jpeg: &[u8], width: u32, quality: u8) -> Option<Vec<u8>> {
        let image = self.decoder.decode(jpeg)?;
        let height = f64::from(image.height()) * f64::from(width) / f64::from(image.width());
        let height = height.round().max(1.0) as u32;
        let small = self.resizer.resize(&image, width, height, Filter::Lanczos)?;
        self.encoder.encode(&small, quality)
    }
}
