//! Byte offsets become UTF-16 offsets: JavaScript's strings count those.

use sakchy::Assessment;

/// Turns byte offsets of one text into UTF-16 offsets. ASCII stretches cost nothing but the look-up.
pub struct Utf16 {
    /// (byte offset behind a character, UTF-16 offset there) for every character that is not one byte.
    marks: Vec<(usize, usize)>,
}

impl Utf16 {
    /// Reads the text once.
    pub fn of(text: &str) -> Utf16 {
        let mut marks = Vec::new();
        let mut lag = 0;
        for (at, letter) in text.char_indices() {
            let bytes = letter.len_utf8();
            if bytes > 1 {
                lag += bytes - letter.len_utf16();
                marks.push((at + bytes, at + bytes - lag));
            }
        }
        Utf16 { marks }
    }

    /// The UTF-16 offset of a byte offset that stands between two characters.
    pub fn offset(&self, byte: usize) -> usize {
        match self.marks.partition_point(|(at, _)| *at <= byte) {
            0 => byte,
            n => {
                let (at, units) = self.marks[n - 1];
                units + (byte - at)
            }
        }
    }
}

/// Rewrites every offset of the answer. `title` is the advert's title as the caller gave it.
pub fn convert(answer: &mut Assessment, text: &str, title: &str) {
    let body = Utf16::of(text);
    let head = Utf16::of(title.trim_end());
    let of_field = |field: &str, start: &mut usize, end: &mut usize| {
        let map = if field == "title" { &head } else { &body };
        (*start, *end) = (map.offset(*start), map.offset(*end));
    };
    let evidence = answer.findings.iter_mut().flat_map(|f| f.evidence.iter_mut());
    evidence.for_each(|e| of_field(e.field, &mut e.start, &mut e.end));
    answer.classifier.terms.iter_mut().for_each(|t| of_field(t.field, &mut t.start, &mut t.end));
    // facts are counted over the title, an empty line and the text, as the core reads them
    let whole = if title.trim_end().is_empty() { body } else { Utf16::of(&format!("{}\n\n{text}", title.trim_end())) };
    let spans = answer.facts.pay.iter_mut().map(|p| &mut p.span);
    for span in spans.chain(answer.facts.ages.iter_mut().map(|a| &mut a.span)) {
        span.start = whole.offset(span.start);
        span.end = whole.offset(span.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_utf16_units() {
        let text = "a Ж😀b—";
        let map = Utf16::of(text);
        let mut units = 0;
        for (at, letter) in text.char_indices() {
            assert_eq!(map.offset(at), units, "before {letter}");
            units += letter.len_utf16();
        }
        assert_eq!(map.offset(text.len()), units);
    }

    #[test]
    fn ascii_stays() {
        assert_eq!(Utf16::of("plain words").offset(6), 6);
        assert_eq!(Utf16::of("").offset(0), 0);
    }

    #[test]
    fn evidence_of_title_and_text_is_cut_out_rightly() {
        let screener = sakchy::Screener::builtin();
        let (title, text) = (
            "😀 Девушки в Дубай  ",
            "🌴 Билет в счёт зарплаты, паспорт хранится у нас. 1500 долларов в месяц, от 18 лет",
        );
        let options = sakchy::Options { title: Some(title), ..sakchy::Options::default() };
        let mut answer = screener.screen_with(text, &options);
        assert!(!answer.findings.is_empty());
        convert(&mut answer, text, title);
        let units = |s: &str| s.encode_utf16().collect::<Vec<_>>();
        for evidence in answer.findings.iter().flat_map(|f| &f.evidence) {
            let field = units(if evidence.field == "title" { title } else { text });
            assert_eq!(String::from_utf16_lossy(&field[evidence.start..evidence.end]), evidence.text);
        }
        assert!(!answer.classifier.terms.is_empty());
        for term in &answer.classifier.terms {
            let field = units(if term.field == "title" { title } else { text });
            assert_eq!(String::from_utf16_lossy(&field[term.start..term.end]), term.text);
        }
        let whole = units(&format!("{}\n\n{text}", title.trim_end()));
        let pay = &answer.facts.pay[0];
        assert!(String::from_utf16_lossy(&whole[pay.span.start..pay.span.end]).contains("1500"));
    }
}
