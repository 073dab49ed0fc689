//! Which inputs are there, and what is in them.

use sakchy_documents::{Advert, Layout, Options, Source, Trouble, open, read};
use std::io::Read;
use std::path::{Path, PathBuf};

/// One input as it was named.
#[derive(Clone, Debug)]
pub enum Input {
    /// Standard input.
    Standard,
    /// A file.
    File(PathBuf),
}

impl Input {
    /// The name to show.
    pub fn name(&self) -> String {
        match self {
            Input::Standard => "-".into(),
            Input::File(path) => path.display().to_string(),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    /// A message that says what to do.
    #[allow(clippy::type_complexity)]
    pub fn open(
        &self,
        options: &Options,
    ) -> Result<(Layout, Box<dyn Iterator<Item = Result<Advert, Trouble>> + Send>), String> {
        match self {
            Input::Standard => {
                let mut first = vec![0; 4096];
                let mut stdin = std::io::stdin();
                let mut filled = 0;
                while filled < first.len() {
                    match stdin.read(&mut first[filled..]).map_err(|e| format!("cannot be read: {e}"))? {
                        0 => break,
                        n => filled += n,
                    }
                }
                first.truncate(filled);
                let layout = Layout::sniff(&first);
                let mut whole = std::io::Cursor::new(first).chain(stdin);
                if layout.streams() {
                    return Ok((layout, read(whole, layout, &options.columns)?));
                }
                let most = options.limits.entry;
                let mut bytes = Vec::new();
                whole.by_ref().take(most + 1).read_to_end(&mut bytes).map_err(|e| format!("cannot be read: {e}"))?;
                if bytes.len() as u64 > most {
                    return Err(format!("holds more than {} MB; give it as a file", most >> 20));
                }
                Ok((layout, open(Source::Bytes(bytes), layout, options)?))
            }
            Input::File(path) => {
                let layout = Layout::of(path)
                    .ok_or_else(|| format!("has an ending that cannot be read; these can: {}", Layout::endings()))?;
                Ok((layout, open(Source::File(path.clone()), layout, options)?))
            }
        }
    }
}

/// The inputs behind the names on the command line: folders are walked, files in them with unknown endings passed over.
///
/// # Errors
/// Names that lead nowhere, in order.
pub fn collect(names: &[PathBuf]) -> (Vec<Input>, Vec<String>) {
    let (mut inputs, mut lost) = (Vec::new(), Vec::new());
    for name in names {
        if name.as_os_str() == "-" {
            inputs.push(Input::Standard);
        } else if name.is_dir() {
            let before = inputs.len();
            walk(name, &mut inputs);
            if inputs.len() == before {
                lost.push(format!(
                    "{}: the folder holds no file that can be read ({})",
                    name.display(),
                    Layout::endings()
                ));
            }
        } else {
            inputs.push(Input::File(name.clone()));
        }
    }
    (inputs, lost)
}

fn walk(folder: &Path, inputs: &mut Vec<Input>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden && !path.is_symlink() {
            walk(&path, inputs);
        } else if Layout::of(&path).is_some() && !hidden {
            inputs.push(Input::File(path));
        }
    }
}
