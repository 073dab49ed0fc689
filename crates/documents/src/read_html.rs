//! A page of the web as adverts: its job postings, else its main text cut into adverts.

use crate::advert::{Advert, Trouble};
use crate::source::Emit;
use crate::{cut, html};

/// Reads one page; `charset` and `url` where a WARC record says them. False when nobody wants more.
pub(crate) fn adverts(bytes: &[u8], charset: Option<&str>, url: Option<&str>, emit: &mut Emit<'_>) -> bool {
    let page = match html::read_bytes(bytes, charset, url) {
        Ok(page) => page,
        Err(problem) => return emit(Err(Trouble::whole(problem))),
    };
    let url = url.map(str::to_string).or(page.canonical);
    for (n, posting) in page.postings.iter().enumerate() {
        let advert = Advert { place: n + 1, ..posting.advert(page.site.as_deref(), url.as_deref()) };
        if !emit(Ok(advert)) {
            return false;
        }
    }
    if !page.postings.is_empty() {
        return true;
    }
    let lines: Vec<String> = page.text.lines().map(str::to_string).collect();
    let pieces = cut::cut(&lines, &mut None);
    if pieces.is_empty() {
        return emit(Err(Trouble::whole("holds no text")));
    }
    // the title of a page with one advert is the advert's; that of a list is not
    let title = page.title.filter(|_| pieces.len() == 1);
    pieces.into_iter().enumerate().all(|(n, piece)| {
        emit(Ok(Advert {
            text: piece.text,
            rubric: piece.rubric,
            title: title.clone(),
            publisher: page.site.clone(),
            url: url.clone(),
            date: page.date.clone(),
            place: n + 1,
            ..Advert::default()
        }))
    })
}
