//! Mistakes in rules, told with file, line, the words and how to mend them.

use std::fmt;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleError {
    /// File, relative to the rules folder.
    pub file: String,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The words it is about.
    pub words: String,
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub mend: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => writeln!(f, "{}: {}", self.file, self.problem)?,
            line => writeln!(f, "{}:{line}: {}", self.file, self.problem)?,
        }
        if !self.words.is_empty() {
            writeln!(f, "    {}", self.words)?;
        }
        write!(f, "  to mend it: {}", self.mend)
    }
}

impl std::error::Error for RuleError {}
