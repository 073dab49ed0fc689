//! Hashes of rows: SHA-256 over fields that cannot run into each other.

use sha2::{Digest as _, Sha256};
use std::io::Read;

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// Adds up fields; each is preceded by its length, so that "ab","c" differs from "a","bc".
pub(crate) struct Fields(Sha256);

impl Fields {
    /// `kind` keeps rows of different tables apart.
    pub(crate) fn new(kind: &str) -> Fields {
        Fields(Sha256::new()).text(kind)
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Fields {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn text(self, text: &str) -> Fields {
        self.bytes(text.as_bytes())
    }

    /// Absent differs from empty.
    pub(crate) fn maybe(self, text: Option<&str>) -> Fields {
        match text {
            Some(text) => self.number(1).text(text),
            None => self.number(0),
        }
    }

    pub(crate) fn number(mut self, n: i64) -> Fields {
        self.0.update(n.to_le_bytes());
        self
    }

    pub(crate) fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

/// Bytes as small hexadecimal letters.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        // writing to a string cannot fail
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// SHA-256 and length of what a reader gives; `copy` sees every piece.
pub(crate) fn of_reader(
    mut reader: impl Read,
    mut copy: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<(Hash, u64)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0;
    loop {
        let n = match reader.read(&mut buffer) {
            Ok(0) => return Ok((hash.finalize().into(), length)),
            Ok(n) => n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        hash.update(&buffer[..n]);
        length += n as u64;
        copy(&buffer[..n])?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_run_into_each_other() {
        let of = |a: &str, b: &str| Fields::new("t").text(a).text(b).finish();
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_ne!(Fields::new("t").maybe(None).finish(), Fields::new("t").maybe(Some("")).finish());
        assert_eq!(
            hex(&of_reader(&b"abc"[..], |_| Ok(())).unwrap().0),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "the known answer of FIPS 180-4"
        );
    }
}
