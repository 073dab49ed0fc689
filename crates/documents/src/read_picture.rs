//! A picture of a page.

use crate::advert::Trouble;
use crate::source::{Emit, Source};
use crate::{Options, ocr, page};

/// Reads the page. False when nobody wants more.
pub(crate) fn adverts(source: Source, options: &Options, emit: &mut Emit<'_>) -> bool {
    let limits = &options.limits;
    let read = source
        .bytes(limits.entry)
        .and_then(|bytes| ocr::decode(&bytes, limits))
        .and_then(|picture| ocr::read(&picture, limits).map_err(|fault| fault.message()));
    match read {
        Ok(read) => {
            let adverts = page::adverts(read.sheet, &mut None, &|x, y| read.turn.back(x, y));
            adverts.into_iter().all(|advert| emit(Ok(advert)))
        }
        Err(problem) => emit(Err(Trouble::whole(problem))),
    }
}
