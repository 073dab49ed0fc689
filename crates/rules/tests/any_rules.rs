//! No phrase, condition or pack makes the compiler or the engine panic; every mistake is told with a way to mend it.

use proptest::prelude::*;
use sakchy_core::engine::{Engine, Options};
use sakchy_core::pack::{Pack, PackError};
use sakchy_rules::{Rules, phrase};
use std::path::Path;
use std::sync::LazyLock;

static PACK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rules =
        Rules::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")).expect("the rules are in order");
    let mut pack = sakchy_rules::compile(&rules).expect("the rules compile").pack;
    // a few phrases are enough to break, and open in a moment
    pack.phrases.truncate(300);
    pack.indicators.truncate(20);
    pack.to_bytes()
});

/// Length of the header: magic, format, length, checksum.
const HEADER: usize = 28;

/// FNV-1a, written again here so that a damaged body can carry a right checksum.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Opens a pack and, where that goes well, screens with it.
fn open(bytes: &[u8]) -> Result<(), PackError> {
    let engine = Engine::new(Pack::from_bytes(bytes)?, "")?;
    engine.screen(
        "Требуются девушки 17 лет в Дубай, паспорт у нас. Билет в долг! +996 555 12 34 56",
        &Options::default(),
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn phrases_of_any_kind(text in "[а-яa-z<>()\\[\\]{}|*~?#+0-9 ]{0,40}") {
        if let Err(e) = phrase::parse(&text) {
            prop_assert!(!e.problem.is_empty() && !e.mend.is_empty(), "{text}");
        }
    }

    #[test]
    fn packs_cut_short_or_damaged_are_refused(at in 0usize..1 << 20, bit in 0u8..8) {
        let whole = &*PACK;
        prop_assert!(open(&whole[..at % whole.len()]).is_err());
        let mut damaged = whole.clone();
        damaged[at % whole.len()] ^= 1 << bit;
        prop_assert!(open(&damaged).is_err());
    }

    #[test]
    fn packs_that_lie_do_not_panic(changes in proptest::collection::vec((0usize..1 << 20, any::<u8>()), 1..4)) {
        let mut pack = PACK.clone();
        let body = pack.len() - HEADER;
        for (at, byte) in changes {
            pack[HEADER + at % body] = byte;
        }
        let sum = checksum(&pack[HEADER..]).to_le_bytes();
        pack[HEADER - 8..HEADER].copy_from_slice(&sum);
        // refused or accepted: the test is that it comes back
        let _ = open(&pack);
    }
}

#[test]
fn the_untouched_pack_opens() {
    open(&PACK).expect("the pack is whole");
}
