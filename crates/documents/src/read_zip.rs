//! ZIP: what lies in it is read in memory, one file after the other; nothing is unpacked to disk, so its paths lead nowhere.

use crate::advert::Trouble;
use crate::source::{Emit, Source};
use crate::{Layout, Limits, Options};
use std::io::{Read, Seek};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// Reads every file whose ending tells its layout. `budget` is what may still be unpacked. False when nobody wants more.
pub(crate) fn adverts<R: Read + Seek>(
    input: R,
    options: &Options,
    depth: usize,
    budget: &mut u64,
    emit: &mut Emit<'_>,
) -> bool {
    if depth >= options.limits.depth {
        let problem =
            format!("lies more than {} ZIP files deep and was not opened (--max-depth)", options.limits.depth);
        return emit(Err(Trouble::whole(problem)));
    }
    let mut archive = match ZipArchive::new(input) {
        Ok(archive) => archive,
        Err(e) => return emit(Err(Trouble::whole(said(&e)))),
    };
    let mut known = 0;
    for n in 0..archive.len() {
        let (name, bytes) = match entry(&mut archive, n, &options.limits, budget) {
            Ok(None) => continue,
            Ok(Some((name, bytes))) => (name, Ok(bytes)),
            Err((name, problem)) => (name, Err(problem)),
        };
        known += 1;
        let mut inner = |mut item: crate::Item| {
            let inside = match &mut item {
                Ok(advert) => &mut advert.inside,
                Err(trouble) => &mut trouble.inside,
            };
            *inside = Some(inside.take().map_or_else(|| name.clone(), |deeper| format!("{name}/{deeper}")));
            emit(item)
        };
        let more = match bytes {
            Err(problem) => inner(Err(Trouble::whole(problem))),
            Ok(bytes) => match Layout::of(Path::new(&name)) {
                Some(layout) => crate::document(Source::Bytes(bytes), layout, options, depth + 1, budget, &mut inner),
                None => true,
            },
        };
        if !more {
            return false;
        }
        if *budget == 0 {
            let problem = format!(
                "unpacks to more than {} MB; the rest was not read (--max-unpacked)",
                options.limits.unpacked >> 20
            );
            return emit(Err(Trouble::whole(problem)));
        }
    }
    if known == 0 {
        return emit(Err(Trouble::whole("holds no file that can be read")));
    }
    true
}

/// The bytes of one file of the archive; none for folders and endings that say nothing.
#[allow(clippy::type_complexity)]
fn entry<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    n: usize,
    limits: &Limits,
    budget: &mut u64,
) -> Result<Option<(String, Vec<u8>)>, (String, String)> {
    let named = archive.name_for_index(n).and_then(Result::ok).map(|n| shown(&n));
    let name = named.unwrap_or_else(|| format!("file {}", n + 1));
    let hidden = name.rsplit('/').next().is_some_and(|f| f.starts_with('.')) || name.starts_with("__MACOSX/");
    if name.ends_with('/') || hidden || Layout::of(Path::new(&name)).is_none() {
        return Ok(None);
    }
    let file = archive.by_index(n).map_err(|e| (name.clone(), said(&e)))?;
    let most = limits.entry.min(*budget);
    let mut bytes = Vec::new();
    let read = file.take(most + 1).read_to_end(&mut bytes);
    *budget = budget.saturating_sub(bytes.len() as u64);
    read.map_err(|e| (name.clone(), format!("is damaged inside the ZIP: {e}")))?;
    if bytes.len() as u64 > most {
        return Err((name, format!("unpacks to more than {} MB and was not read (--max-unpacked)", most >> 20)));
    }
    Ok(Some((name, bytes)))
}

/// A name without the parts that would lead out of a folder; it is only ever shown.
fn shown(name: &str) -> String {
    let parts = name.split(['/', '\\']).filter(|p| !p.is_empty() && *p != "." && *p != "..");
    let mut shown = parts.collect::<Vec<_>>().join("/");
    if name.ends_with(['/', '\\']) {
        shown.push('/');
    }
    shown
}

fn said(e: &ZipError) -> String {
    match e {
        ZipError::UnsupportedArchive(what) if what.contains("assword") => {
            "is locked by a password; unpack it and give the files".into()
        }
        _ => format!("is no ZIP that can be read: {e}"),
    }
}

/// Unpacks everything to nowhere and counts, for readers of packed formats that would not stop themselves.
///
/// # Errors
/// A message when it is no ZIP, or unpacks to more than may be.
pub(crate) fn measure<R: Read + Seek>(input: &mut R, limits: &Limits) -> Result<(), String> {
    let mut archive = ZipArchive::new(&mut *input).map_err(|e| match e {
        ZipError::InvalidArchive(_) => "is no XLSX (an old .xls, or damaged); save it as .xlsx or .csv".to_string(),
        e => said(&e),
    })?;
    let mut left = limits.entry;
    for n in 0..archive.len() {
        let file = archive.by_index(n).map_err(|e| said(&e))?;
        let mut limited = file.take(left + 1);
        let read = std::io::copy(&mut limited, &mut std::io::sink()).map_err(|e| format!("is damaged: {e}"))?;
        if read > left {
            return Err(format!("unpacks to more than {} MB and was not read (--max-unpacked)", limits.entry >> 20));
        }
        left -= read;
    }
    drop(archive);
    input.rewind().map_err(|e| e.to_string())
}
