//! Where the bytes of one document are, and how its adverts are handed on.

use crate::advert::Item;
use std::path::PathBuf;
use std::sync::mpsc;

/// The bytes of one document.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Bytes in memory: a document inside another, or standard input.
    Bytes(Vec<u8>),
}

impl Source {
    /// All bytes, at most `most`.
    ///
    /// # Errors
    /// A message when they cannot be read or are more.
    pub(crate) fn bytes(self, most: u64) -> Result<Vec<u8>, String> {
        let bytes = match self {
            Source::Bytes(bytes) => bytes,
            Source::File(path) => {
                let file = std::fs::File::open(path).map_err(|e| format!("cannot be opened: {e}"))?;
                let mut bytes = Vec::new();
                let limited = &mut std::io::Read::take(file, most + 1);
                std::io::Read::read_to_end(limited, &mut bytes).map_err(|e| format!("cannot be read: {e}"))?;
                bytes
            }
        };
        if bytes.len() as u64 > most {
            return Err(format!("is larger than {} MB and was not read", most >> 20));
        }
        Ok(bytes)
    }
}

/// Takes one item; false when nobody wants more.
pub(crate) type Emit<'e> = dyn FnMut(Item) -> bool + 'e;

/// Items read ahead at most.
const AHEAD: usize = 64;

/// Runs a reader in a thread of its own and hands on its items as they come.
pub(crate) fn ahead(run: impl FnOnce(&mut Emit<'_>) + Send + 'static) -> Box<dyn Iterator<Item = Item> + Send> {
    let (sender, receiver) = mpsc::sync_channel(AHEAD);
    let worker = std::thread::Builder::new().name("reader".into());
    let spawned = worker.spawn(move || run(&mut |item| sender.send(item).is_ok()));
    match spawned {
        Ok(_) => Box::new(receiver.into_iter()),
        Err(e) => Box::new(std::iter::once(Err(crate::Trouble::whole(format!("no thread can be started: {e}"))))),
    }
}
