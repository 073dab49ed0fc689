//! Pages of the web: their main text, their job postings (schema.org), their links. No network.
//!
//! ```
//! let html = r#"<html lang="ru"><head><title>Доска</title></head><body>
//!   <nav><a href="/">Главная</a></nav>
//!   <article><p>Требуются швеи в цех, Бишкек.</p><p>Тел. 0700 12 34 56</p></article>
//!   <a rel="next" href="?page=2">Дальше</a></body></html>"#;
//! let page = sakchy_documents::html::read(html, Some("https://board.example/jobs")).unwrap();
//! assert_eq!(page.title.as_deref(), Some("Доска"));
//! assert!(page.text.contains("швеи в цех"));
//! assert_eq!(page.next.as_deref(), Some("https://board.example/jobs?page=2"));
//! ```

mod json_ld;
mod main_text;
mod microdata;
mod posting;
pub(crate) mod text;

pub use posting::Posting;

use scraper::{Html, Selector};

/// Longest page that is read, in bytes.
pub const LONGEST_PAGE: usize = 16 << 20;
/// Deepest nesting of elements that is read: parsing costs depth times length.
const DEEPEST: usize = 2000;

/// A page of the web.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its title.
    pub title: Option<String>,
    /// Its main text; blocks are set apart by empty lines, headings and list items have lines of their own.
    pub text: String,
    /// Language as the page says it (`lang`), e.g. `ru`.
    pub language: Option<String>,
    /// Address that the page itself calls its own (`rel=canonical`).
    pub canonical: Option<String>,
    /// The following page of a list (`rel=next`).
    pub next: Option<String>,
    /// Name of the site, where the page says it.
    pub site: Option<String>,
    /// Date of publication, where the page says it; as it is written.
    pub date: Option<String>,
    /// The page asks not to be indexed or followed (`<meta name="robots">`).
    pub robots: Option<String>,
    /// Job postings in JSON-LD and microdata.
    pub postings: Vec<Posting>,
    /// Its links, in order, each address once.
    pub links: Vec<Link>,
}

/// A link of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Address, absolute where the page's own address is known; without its fragment.
    pub url: String,
    /// The words of the link.
    pub text: String,
    /// `rel="nofollow"`.
    pub nofollow: bool,
}

/// Reads a page from its bytes. The encoding is the byte order mark's, `charset` (the one of the HTTP header), the one the
/// page names in its first 4 kB, or the one its bytes tell.
///
/// # Errors
/// A message when the page is too long or nested too deeply, or its encoding cannot be told.
pub fn read_bytes(bytes: &[u8], charset: Option<&str>, url: Option<&str>) -> Result<Page, String> {
    if bytes.len() > LONGEST_PAGE {
        return Err(too_long(bytes.len()));
    }
    read(&decoded(bytes, charset)?, url)
}

/// Reads a page. `url` is its address: links become absolute by it.
///
/// # Errors
/// A message when the page is too long or nested too deeply.
pub fn read(html: &str, url: Option<&str>) -> Result<Page, String> {
    if html.len() > LONGEST_PAGE {
        return Err(too_long(html.len()));
    }
    let depth = nesting(html);
    if depth > DEEPEST {
        return Err(format!("nests more than {DEEPEST} elements and was not read"));
    }
    let tree = Html::parse_document(html);
    let base = base(&tree, url);
    let mut postings = json_ld::postings(&tree);
    postings.extend(microdata::postings(&tree));
    let mut seen = std::collections::HashSet::new();
    postings.retain(|p| seen.insert((p.title.clone(), p.duties.clone())));
    Ok(Page {
        title: first(&tree, "head > title", None).or_else(|| first(&tree, "h1", None)),
        text: main_text::of(html, &tree, depth),
        language: tree.root_element().attr("lang").map(|l| l.trim().to_lowercase()).filter(|l| !l.is_empty()),
        canonical: first(&tree, "link[rel~=canonical]", Some("href")).and_then(|l| join(base.as_ref(), &l)),
        next: first(&tree, "link[rel~=next], a[rel~=next]", Some("href")).and_then(|l| join(base.as_ref(), &l)),
        site: first(&tree, "meta[property='og:site_name']", Some("content")),
        date: first(&tree, "meta[property='article:published_time'], meta[itemprop=datePublished]", Some("content"))
            .or_else(|| first(&tree, "time[datetime]", Some("datetime"))),
        robots: first(&tree, "meta[name=robots]", Some("content")),
        postings,
        links: links(&tree, base.as_ref()),
    })
}

fn too_long(bytes: usize) -> String {
    format!("holds a page of {} MB; pages above {} MB are not read", bytes >> 20, LONGEST_PAGE >> 20)
}

/// The page's characters, by the same signs as in [`read_bytes`].
///
/// # Errors
/// A message when its encoding cannot be told.
pub fn decoded<'b>(bytes: &'b [u8], charset: Option<&str>) -> Result<std::borrow::Cow<'b, str>, String> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0);
    }
    // what is UTF-8 and more than ASCII is not by chance, whatever the server says
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.is_ascii()
    {
        return Ok(text.into());
    }
    let named = |label: &str| encoding_rs::Encoding::for_label(label.trim().as_bytes());
    let encoding = charset.and_then(named).or_else(|| named(&charset_within(bytes)?));
    if let Some(encoding) = encoding {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        if !broken {
            return Ok(text);
        }
    }
    // none is named, or a wrong one
    let told = crate::encoding::tell(&bytes[..bytes.len().min(64 << 10)], bytes.len() <= 64 << 10)?;
    Ok(told.unwrap_or(encoding_rs::UTF_8).decode_without_bom_handling(bytes).0)
}

/// The value behind `charset=` in the first 4 kB.
fn charset_within(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let behind = head.split("charset=").nth(1)?.trim_start_matches(['"', '\'', ' ']);
    let label: String = behind.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    Some(label).filter(|l| !l.is_empty())
}

/// How deep elements nest at most, as far as their tags tell; elements that need no end tag do not count.
fn nesting(html: &str) -> usize {
    const UNENDED: [&str; 30] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "html",
        "head", "body",
    ];
    let (mut depth, mut deepest) = (0usize, 0usize);
    for tag in html.split('<').skip(1) {
        let (ends, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name = &name[..name.bytes().take_while(u8::is_ascii_alphanumeric).count()];
        if name.is_empty() || name.len() <= 8 && UNENDED.iter().any(|u| u.eq_ignore_ascii_case(name)) {
            continue;
        }
        depth = if ends { depth.saturating_sub(1) } else { depth + 1 };
        deepest = deepest.max(depth);
    }
    deepest
}

/// A selector of this crate; all are written in it and tested.
pub(crate) fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|e| panic!("selector {css}: {e}"))
}

/// Text, or the value of an attribute, of the first element that has any.
fn first(tree: &Html, css: &str, attribute: Option<&str>) -> Option<String> {
    tree.select(&selector(css)).find_map(|element| {
        let value = match attribute {
            Some(name) => element.attr(name)?.trim().to_string(),
            None => text::words(element),
        };
        Some(value).filter(|v| !v.is_empty())
    })
}

fn base(tree: &Html, url: Option<&str>) -> Option<url::Url> {
    let own = url.and_then(|u| url::Url::parse(u).ok());
    let Some(said) = first(tree, "base[href]", Some("href")) else { return own };
    match &own {
        Some(own) => own.join(&said).ok(),
        None => url::Url::parse(&said).ok(),
    }
    .or(own)
}

fn join(base: Option<&url::Url>, link: &str) -> Option<String> {
    let Some(base) = base else { return Some(link.to_string()) };
    base.join(link).ok().map(String::from)
}

fn links(tree: &Html, base: Option<&url::Url>) -> Vec<Link> {
    let mut seen = std::collections::HashSet::new();
    let mut links = Vec::new();
    for anchor in tree.select(&selector("a[href]")) {
        let href = anchor.attr("href").unwrap_or_default().trim();
        let Some(mut url) = join(base, href) else { continue };
        if let Some(at) = url.find('#') {
            url.truncate(at);
        }
        let web = url.starts_with("http://") || url.starts_with("https://") || base.is_none() && !url.contains(':');
        if url.is_empty() || !web || !seen.insert(url.clone()) {
            continue;
        }
        let nofollow =
            anchor.attr("rel").is_some_and(|r| r.split_whitespace().any(|w| w.eq_ignore_ascii_case("nofollow")));
        links.push(Link { url, text: text::words(anchor), nofollow });
    }
    links
}
