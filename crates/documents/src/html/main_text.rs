//! The main text of a page: dom_smoothie's article where it holds most of the page, else all that is no navigation.

use super::text::blocks;
use scraper::Html;

/// The article counts when it holds at least this share of the page's own text, in percent: on a list of adverts the
/// article is one of them.
const SHARE: usize = 60;
/// Deeper pages are not given to dom_smoothie, which walks them several times.
const DEEPEST: usize = 300;
/// Longer pages neither, in bytes.
const LONGEST: usize = 2 << 20;
/// Most elements for dom_smoothie.
const ELEMENTS: usize = 20_000;

/// The main text of a page whose tree is at hand. `depth` is how deep it nests.
pub(crate) fn of(html: &str, tree: &Html, depth: usize) -> String {
    let own = blocks(*tree.root_element(), false);
    let whole = if own.is_empty() { blocks(*tree.root_element(), true) } else { own };
    if depth > DEEPEST || html.len() > LONGEST {
        return whole;
    }
    match article(html) {
        Some(article) if letters(&article) * 100 >= letters(&whole) * SHARE => article,
        _ => whole,
    }
}

fn article(html: &str) -> Option<String> {
    let config = dom_smoothie::Config { max_elements_to_parse: ELEMENTS, ..dom_smoothie::Config::default() };
    let article = dom_smoothie::Readability::new(html, None, Some(config)).ok()?.parse().ok()?;
    let tree = Html::parse_fragment(&article.content);
    Some(blocks(*tree.root_element(), true)).filter(|t| !t.is_empty())
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}
