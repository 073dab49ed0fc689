//! Reviewed adverts as labelled rows: what `train --case` learns from.

use crate::case::Case;
use crate::error::CaseError;

/// A reviewed advert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// Title and text.
    pub text: String,
    /// `risky` or `legitimate`.
    pub label: &'static str,
    /// Language code.
    pub language: String,
    /// Nearly equal adverts share it: they must not be torn apart when the model is judged.
    pub family: String,
}

impl Case {
    /// Adverts whose newest review has an outcome: concern, a letter or a report make them risky, no concern legitimate.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn labelled(&self) -> Result<Vec<Labelled>, CaseError> {
        let mut query = self.db.prepare_cached(
            "SELECT a.title, a.text, c.state, c.language, m.cluster FROM current c JOIN adverts a ON a.id = c.advert
             LEFT JOIN members m ON m.advert = c.advert WHERE c.state IN (2, 3, 5, 6) ORDER BY c.advert",
        )?;
        let rows = query.query_map([], |r| {
            let (title, text, state): (String, String, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
            let cluster: Option<i64> = r.get(4)?;
            Ok(Labelled {
                text: if title.is_empty() { text } else { format!("{title}\n\n{text}") },
                label: if state == 3 { "legitimate" } else { "risky" },
                language: r.get(3)?,
                family: cluster.map(|c| format!("cluster{c}")).unwrap_or_default(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
