//! Pages with a layout: words in their places become columns, lines, adverts. One way for PDF and for pictures.

mod adverts;
mod columns;
mod lines;

pub(crate) use adverts::adverts;

/// A word and where it stands: from the upper left corner, in the page's own unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) x0: f32,
    pub(crate) y0: f32,
    pub(crate) x1: f32,
    pub(crate) y1: f32,
    /// How sure the OCR was, 0 to 100; none for a text layer.
    pub(crate) confidence: Option<f32>,
    /// Share of ink in its box, for bold leads; 0 where unknown.
    pub(crate) ink: f32,
}

impl Word {
    fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    fn middle(&self) -> f32 {
        (self.y0 + self.y1) / 2.0
    }
}

/// A straight line on the page, horizontal ones only.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rule {
    pub(crate) x0: f32,
    pub(crate) x1: f32,
    pub(crate) y: f32,
}

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) words: Vec<Word>,
    pub(crate) rules: Vec<Rule>,
}

/// The middle value; 0 of none.
pub(crate) fn median(values: impl IntoIterator<Item = f32>) -> f32 {
    let mut all: Vec<f32> = values.into_iter().filter(|v| v.is_finite()).collect();
    if all.is_empty() {
        return 0.0;
    }
    let at = all.len() / 2;
    *all.select_nth_unstable_by(at, f32::total_cmp).1
}
