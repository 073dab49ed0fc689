//! The weights and their file.

use std::fmt;

/// First bytes of a model file.
pub const MAGIC: &[u8; 8] = b"SAKCHYMD";
/// Version of the layout below. A model of another version is refused.
pub const FORMAT: u32 = 1;
/// Largest model file, in bytes.
pub const LARGEST: usize = 150_000;
/// Most points any knot may give.
const MOST_POINTS: u32 = 69;
/// Why a model could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelError {
    /// The file does not begin like a model.
    NotAModel,
    /// Written by another version: found and wanted.
    Version(u32, u32),
    /// Shorter or longer than its header says.
    CutShort,
    /// More bytes than any model has.
    TooLarge(usize),
    /// The checksum does not fit.
    Damaged,
    /// The contents make no sense.
    Inconsistent(&'static str),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelError::NotAModel => f.write_str("this is no sakchy model (write one with `sakchy train`)"),
            ModelError::Version(found, wanted) => write!(
                f,
                "the model has format {found}, this program reads format {wanted}; train it again with `sakchy train`"
            ),
            ModelError::CutShort => f.write_str("the model is cut short or has extra bytes; copy or train it again"),
            ModelError::TooLarge(bytes) => write!(f, "the model has {bytes} bytes; at most {LARGEST} are read"),
            ModelError::Damaged => {
                f.write_str("the model is damaged (its checksum does not fit); copy or train it again")
            }
            ModelError::Inconsistent(what) => write!(f, "the model makes no sense: {what}; train it again"),
        }
    }
}

impl std::error::Error for ModelError {}

/// The weights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Slots with their weights, rising by slot; no weight is 0.
    pub weights: Vec<(u16, i8)>,
    /// Signals and facts by [`features::name_hash`], rising, with what they add to the value; never negative.
    pub named: Vec<(u64, u16)>,
    /// From values to points, both rising; below the first there are none, above the last no more.
    pub knots: Vec<(i32, u32)>,
}

impl Model {
    /// Writes the model: header (magic, format, length, checksum), then the body.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.weights.len() * 3 + self.named.len() * 10 + 64);
        body.extend_from_slice(&(self.knots.len() as u32).to_le_bytes());
        for (value, points) in &self.knots {
            body.extend_from_slice(&value.to_le_bytes());
            body.extend_from_slice(&points.to_le_bytes());
        }
        body.extend_from_slice(&(self.named.len() as u32).to_le_bytes());
        for (name, weight) in &self.named {
            body.extend_from_slice(&name.to_le_bytes());
            body.extend_from_slice(&weight.to_le_bytes());
        }
        body.extend_from_slice(&(self.weights.len() as u32).to_le_bytes());
        for (slot, weight) in &self.weights {
            body.extend_from_slice(&slot.to_le_bytes());
            body.push(*weight as u8);
        }
        let mut out = Vec::with_capacity(body.len() + 28);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&(body.len() as u64).to_le_bytes());
        out.extend_from_slice(&crate::pack::checksum(&body).to_le_bytes());
        out.extend_from_slice(&body);
        out
    }

    /// Reads a model.
    ///
    /// # Errors
    /// [`ModelError`] when the bytes are no model, of another format, cut short, damaged or nonsense.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        if bytes.len() > LARGEST {
            return Err(ModelError::TooLarge(bytes.len()));
        }
        let magic = bytes.len().min(8);
        if bytes.is_empty() || bytes[..magic] != MAGIC[..magic] {
            return Err(ModelError::NotAModel);
        }
        let mut header = Bytes(bytes);
        header.take::<8>()?;
        let format = u32::from_le_bytes(header.take()?);
        if format != FORMAT {
            return Err(ModelError::Version(format, FORMAT));
        }
        let (length, sum) = (u64::from_le_bytes(header.take()?), u64::from_le_bytes(header.take()?));
        let mut body = Bytes(header.0);
        if body.0.len() as u64 != length {
            return Err(ModelError::CutShort);
        }
        if crate::pack::checksum(body.0) != sum {
            return Err(ModelError::Damaged);
        }
        let mut model = Model::default();
        for _ in 0..u32::from_le_bytes(body.take()?) {
            model.knots.push((i32::from_le_bytes(body.take()?), u32::from_le_bytes(body.take()?)));
        }
        for _ in 0..u32::from_le_bytes(body.take()?) {
            model.named.push((u64::from_le_bytes(body.take()?), u16::from_le_bytes(body.take()?)));
        }
        for _ in 0..u32::from_le_bytes(body.take()?) {
            model.weights.push((u16::from_le_bytes(body.take()?), i8::from_le_bytes(body.take()?)));
        }
        if !body.0.is_empty() {
            return Err(ModelError::CutShort);
        }
        model.verify()?;
        Ok(model)
    }

    fn verify(&self) -> Result<(), ModelError> {
        let wrong = |what| Err(ModelError::Inconsistent(what));
        if self.knots.is_empty() || self.knots.len() > 16 {
            return wrong("it needs 1 to 16 knots");
        }
        if self.knots.iter().any(|k| k.1 > MOST_POINTS)
            || !self.knots.windows(2).all(|k| k[0].0 < k[1].0 && k[0].1 <= k[1].1)
        {
            return wrong("points must rise with the value and never reach `danger`");
        }
        if !self.named.windows(2).all(|n| n[0].0 < n[1].0) || !self.weights.windows(2).all(|w| w[0].0 < w[1].0) {
            return wrong("its weights are out of order");
        }
        if self.weights.iter().any(|w| w.1 == 0) {
            return wrong("a weight is nothing");
        }
        Ok(())
    }

    /// The points of a value, before any cap.
    pub fn points(&self, value: i64) -> u32 {
        let (first, last) = (self.knots[0], self.knots[self.knots.len() - 1]);
        if value < i64::from(first.0) {
            return 0;
        }
        for k in self.knots.windows(2) {
            let ((from, low), (to, high)) = (k[0], k[1]);
            if value < i64::from(to) {
                let over = (value - i64::from(from)) * i64::from(high - low) / (i64::from(to) - i64::from(from));
                return low + over as u32;
            }
        }
        last.1
    }
}

/// Bytes that are taken from the front.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(ModelError::CutShort)?;
        self.0 = rest;
        Ok(*head)
    }
}
