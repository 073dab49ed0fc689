//! What the verbs share: packs, languages, colours, harmless text.

use clap::Args;
use sakchy::Screener;
use sakchy_rules::Rules;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Clone, Default)]
pub struct PackArgs {
    /// Own rules laid over the built-in ones: a folder, or a compiled .pack file
    #[arg(long, value_name = "DIR|FILE")]
    pub pack: Option<PathBuf>,
    /// Another model for the classifier (written by `sakchy train`), or `none`: rules alone
    #[arg(long, value_name = "FILE|none")]
    pub model: Option<PathBuf>,
}

impl PackArgs {
    /// The screener with the built-in pack, or with the one named.
    pub fn screener(&self) -> Result<Screener, String> {
        let screener = match &self.pack {
            None => Screener::builtin(),
            Some(path) => with_pack(path)?,
        };
        let Some(path) = &self.model else { return Ok(screener) };
        if path.as_os_str() == "none" {
            return Ok(screener.without_model());
        }
        let bytes = std::fs::read(path).map_err(|e| format!("cannot be read: {e}"));
        let loaded = bytes.and_then(|bytes| screener.clone().with_model(&bytes).map_err(|e| e.to_string()));
        Ok(loaded.unwrap_or_else(|e| {
            // the rules go on, and every answer says that the classifier is off
            eprintln!("sakchy: {}: {e}; going on with the rules alone", path.display());
            screener.without_model()
        }))
    }
}

fn with_pack(path: &Path) -> Result<Screener, String> {
    let named = |e: String| format!("{}: {e}", path.display());
    if path.is_dir() {
        let joined = |errors: Vec<sakchy_rules::RuleError>| {
            errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
        };
        let own = Rules::load(path).map_err(joined)?;
        let compiled = if own.signals.is_empty() && own.indicators.is_empty() && own.pack.is_none() {
            return Err(named("holds no rules; it needs signals/, indicators/ or pack.toml".into()));
        } else {
            let mut rules = builtin_rules();
            rules.overlay(own).map_err(joined)?;
            sakchy_rules::compile(&rules).map_err(joined)?
        };
        return Screener::from_pack(&compiled.pack).map_err(|e| named(e.to_string()));
    }
    let bytes = std::fs::read(path).map_err(|e| named(format!("cannot be read: {e}")))?;
    Screener::with_pack(&bytes).map_err(|e| named(e.to_string()))
}

/// The sources of the built-in rules, so that own rules can be laid over them wherever the program runs.
static SOURCES: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../../rules");

/// The built-in rules as they are written.
pub fn builtin_rules() -> Rules {
    let mut files = std::collections::BTreeMap::new();
    let folders = SOURCES.dirs().flat_map(include_dir::Dir::files);
    for file in SOURCES.files().chain(folders) {
        let name = file.path().to_string_lossy().replace('\\', "/");
        if let Some(text) = file.contents_utf8().filter(|_| name.ends_with(".toml")) {
            files.insert(name, text.to_string());
        }
    }
    Rules::read(&files).0
}

/// The files of the built-in `rules/sites`: selectors of boards, shared with the extension.
pub fn site_files() -> Vec<&'static str> {
    let folder = SOURCES.get_dir("sites").into_iter().flat_map(include_dir::Dir::files);
    folder.filter(|f| f.path().extension().is_some_and(|e| e == "toml")).filter_map(|f| f.contents_utf8()).collect()
}

/// Says what went wrong and ends with 2 (wrong usage).
pub fn fail(message: &str) -> ExitCode {
    eprintln!("sakchy: {message}");
    ExitCode::from(2)
}

/// Advert text made harmless for a terminal: control characters and marks that turn the direction of writing become
/// visible signs, line breaks become spaces.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('·'),
            '\u{7f}'..='\u{9f}' => '·',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => '·',
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => '·',
            '\u{2028}' | '\u{2029}' => ' ',
            c => c,
        })
        .collect()
}
