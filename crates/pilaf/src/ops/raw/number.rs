//! Numbers of other types than the modes `I` and `F` have in memory.

/// A type of number and its byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    kind: Kind,
    big: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    F64,
}

impl Number {
    pub(super) const U16_BIG: Self = Self { kind: Kind::U16, big: true };

    /// What follows the semicolon of a raw mode: `8`, `16BS`, `32NF`, ...
    pub(super) fn parse(name: &str) -> Option<Self> {
        let end = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
        let (bits, flags) = name.split_at(end);
        let (big, kind) = match flags.as_bytes() {
            [b'B', kind @ ..] => (true, kind),
            [b'N', kind @ ..] => (cfg!(target_endian = "big"), kind),
            kind => (false, kind),
        };
        let kind = match (bits, kind) {
            ("8", b"") if flags.is_empty() => Kind::U8,
            ("8", b"S") if flags == "S" => Kind::I8,
            ("16", b"") => Kind::U16,
            ("16", b"S") => Kind::I16,
            ("32", b"") => Kind::U32,
            ("32", b"S") => Kind::I32,
            ("32", b"F") => Kind::F32,
            ("64", b"F") => Kind::F64,
            _ => return None,
        };
        Some(Self { kind, big })
    }

    pub(super) fn is_float(self) -> bool {
        matches!(self.kind, Kind::F32 | Kind::F64)
    }

    pub(super) fn bytes(self) -> usize {
        match self.kind {
            Kind::U8 | Kind::I8 => 1,
            Kind::U16 | Kind::I16 => 2,
            Kind::U32 | Kind::I32 | Kind::F32 => 4,
            Kind::F64 => 8,
        }
    }

    /// Reads a row of numbers into pixels of mode `I`.
    pub(super) fn to_integers(self, to: &mut [u8], from: &[u8]) {
        let to = to.as_chunks_mut::<4>().0;
        match self.kind {
            Kind::U8 => convert(to, from, false, |[v]| i32::from(v).to_ne_bytes()),
            Kind::I8 => convert(to, from, false, |[v]| i32::from(v as i8).to_ne_bytes()),
            Kind::U16 => {
                convert(to, from, self.big, |v| i32::from(u16::from_le_bytes(v)).to_ne_bytes())
            }
            Kind::I16 => {
                convert(to, from, self.big, |v| i32::from(i16::from_le_bytes(v)).to_ne_bytes())
            }
            _ => convert(to, from, self.big, |v| i32::from_le_bytes(v).to_ne_bytes()),
        }
    }

    /// Reads a row of numbers into pixels of mode `F`.
    pub(super) fn to_floats(self, to: &mut [u8], from: &[u8]) {
        let to = to.as_chunks_mut::<4>().0;
        let big = self.big;
        match self.kind {
            Kind::U8 => convert(to, from, false, |[v]| f32::from(v).to_ne_bytes()),
            Kind::I8 => convert(to, from, false, |[v]| f32::from(v as i8).to_ne_bytes()),
            Kind::U16 => convert(to, from, big, |v| f32::from(u16::from_le_bytes(v)).to_ne_bytes()),
            Kind::I16 => convert(to, from, big, |v| f32::from(i16::from_le_bytes(v)).to_ne_bytes()),
            Kind::U32 => convert(to, from, big, |v| (u32::from_le_bytes(v) as f32).to_ne_bytes()),
            Kind::I32 => convert(to, from, big, |v| (i32::from_le_bytes(v) as f32).to_ne_bytes()),
            Kind::F32 => convert(to, from, big, |v| f32::from_le_bytes(v).to_ne_bytes()),
            Kind::F64 => convert(to, from, big, |v| (f64::from_le_bytes(v) as f32).to_ne_bytes()),
        }
    }
}

/// Calls `f` with the bytes of each number in little-endian order.
fn convert<const N: usize>(
    to: &mut [[u8; 4]],
    from: &[u8],
    big: bool,
    f: impl Fn([u8; N]) -> [u8; 4],
) {
    for (to, &from) in to.iter_mut().zip(from.as_chunks::<N>().0) {
        let mut bytes = from;
        if big {
            bytes.reverse();
        }
        *to = f(bytes);
    }
}
