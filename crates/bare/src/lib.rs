//! One function over linear memory, so that nothing of the screener is left out by the linker.

use std::sync::OnceLock;

static SCREENER: OnceLock<sakchy::Screener> = OnceLock::new();

/// Takes `length` bytes of UTF-8 that the caller owns as a buffer of `allocate`, gives the length of the JSON answer.
///
/// # Safety
/// `pointer` must come from `allocate(length)` and is used up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn screen(pointer: *mut u8, length: usize) -> usize {
    // SAFETY: the host passes a buffer that it got from `allocate` with this length.
    let bytes = unsafe { Vec::from_raw_parts(pointer, length, length) };
    let text = String::from_utf8_lossy(&bytes);
    SCREENER.get_or_init(sakchy::Screener::builtin).screen_json(&text, &sakchy::Options::default()).len()
}

/// A buffer for the host to write a text into.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    let mut buffer = std::mem::ManuallyDrop::new(vec![0u8; length]);
    buffer.as_mut_ptr()
}
