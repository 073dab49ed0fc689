//! How much is read at most, so that no input can take the machine.

/// Limits of reading; what goes beyond is named and left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pages of one document.
    pub pages: usize,
    /// Pixels of one picture (width times height).
    pub pixels: u64,
    /// Bytes that one input may unpack to (ZIP, XLSX, gzip inside WARC); a WARC as a whole is streamed and has no bound.
    pub unpacked: u64,
    /// Bytes of one document inside a ZIP or WARC.
    pub entry: u64,
    /// How deep ZIP files may lie in each other.
    pub depth: usize,
    /// Seconds that one page may take in OCR or in the PDF tools.
    pub seconds: u64,
    /// Megabytes of memory for a program that is called.
    pub megabytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            pages: 5000,
            pixels: 120_000_000,
            unpacked: 2 << 30,
            entry: 256 << 20,
            depth: 2,
            seconds: 60,
            megabytes: 2048,
        }
    }
}
