//! Is the text an offer, and of what kind?
//!
//! The text is read sentence by sentence and the first decisive one settles it. That is what keeps law 2: whatever is
//! appended to an offer (a warning, a news item, a denial) comes too late to make it "no offer". News and warnings are
//! settled the same way, so that adverts quoted further down do not turn a leaflet into an advert; goods, flats, loans
//! and tours are not, for pages mix them with jobs.

use crate::facts::{Facts, Span};
use crate::pack::{Pack, Role};
use crate::scan::{Hit, Hits};
use crate::text::Text;

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// It is an offer.
    pub is_offer: bool,
    /// Why not, where it is none: news, warning, goods ... or `unclear`, `empty`.
    pub no_offer: Option<String>,
    /// job, marriage, modelling, study or other: what the offer opens with.
    pub kind: String,
    /// This kind and those that later words speak of. Words can only add to them, so that nothing appended to an offer
    /// takes an indicator from it (law 2).
    pub kinds: Vec<String>,
    /// The offer's own words: what absence findings show.
    pub words: Span,
    /// Line on which the offer was settled.
    pub line: u32,
}

/// What one sentence shows.
#[derive(Clone, Copy, Default)]
struct Sentence {
    /// First token of decisive offer wording.
    offer: Option<u32>,
    /// First token of news or warning wording and its signal.
    report: Option<(u32, u16)>,
    /// First token of other no-offer wording and its signal.
    trade: Option<(u32, u16)>,
    /// How many red-flag signals begin in it.
    flags: u32,
    /// The last of them, so that each counts once.
    flagged: Option<u16>,
    contact: bool,
    /// Anything that offers have: pay, contact, duties, a destination.
    supports: u32,
    /// Of these, what only offers of work have.
    work: u32,
    /// Line on which it ends.
    line: u32,
}

/// Decides. `kind` is the caller's word for it, if any.
pub fn decide(pack: &Pack, text: &Text<'_>, hits: &Hits, facts: &Facts, kind: Option<&str>) -> Offer {
    let mut offer = Offer {
        is_offer: false,
        no_offer: Some(if text.tokens.is_empty() { "empty" } else { "unclear" }.to_string()),
        kind: kind.unwrap_or("job").to_string(),
        kinds: Vec::new(),
        words: Span::default(),
        line: 0,
    };
    if text.tokens.is_empty() {
        return offer;
    }
    settle(&mut offer, pack, text, hits, facts);
    if kind.is_none() {
        let line = if offer.is_offer { offer.line } else { u32::MAX };
        offer.kind = kind_of(pack, text, hits, line);
        offer.kinds = KINDS.iter().filter(|k| held(pack, text, hits, k, u32::MAX)).map(|k| k.to_string()).collect();
    }
    if !offer.kinds.contains(&offer.kind) {
        offer.kinds.push(offer.kind.clone());
    }
    offer
}

fn settle(offer: &mut Offer, pack: &Pack, text: &Text<'_>, hits: &Hits, facts: &Facts) {
    let quoted = Quotes::read(text);
    let segment = segments(text);
    let sentences = sentences(pack, &segment, text, hits, facts, &quoted);
    let with_contact: std::collections::HashSet<u32> = sentences.iter().filter(|s| s.contact).map(|s| s.line).collect();
    let mut report: Option<u16> = None;
    let mut trade: Option<u16> = None;
    let (mut supports, mut work, mut flags) = (0, 0, 0);
    for (n, s) in sentences.iter().enumerate() {
        if let Some((at, signal)) = s.report {
            let settled_before = s.offer.is_some_and(|o| o < at) && s.contact;
            // what looks like an offer so far and tells where to turn is not undone by a warning further along its line
            let looks_so = (supports >= 2 || (flags > 0 && supports > 0)) && with_contact.contains(&s.line);
            if !settled_before && !looks_so && report.is_none() {
                report = Some(signal);
                trade = None;
            }
        }
        if report.is_some() {
            // a whole offer in one sentence, with where to turn, outweighs the warning that it opens with
            let whole = s.offer.is_some() && s.contact && s.report.is_none() && s.supports >= 2;
            if !whole {
                continue;
            }
        }
        let trade_first = match (s.trade, s.offer) {
            // "selling my place at work" is goods and an offer in the same words: the offer wins. "Looking for work" is none
            (Some((t, signal)), Some(o)) => t < o || (t == o && pack.signals[usize::from(signal)].reason != "goods"),
            (Some(_), None) => true,
            _ => false,
        };
        supports += s.supports;
        work += s.work;
        flags += s.flags;
        if trade_first {
            trade = trade.or(s.trade.map(|t| t.1));
        }
        // "tour" and red flags and duties: the tour is a cover. People who look for work, lenders and sellers hide nothing
        let open_trade = |t: u16| {
            !matches!(pack.signals[usize::from(t)].reason.as_str(), "job-wanted" | "loan" | "goods" | "housing")
        };
        let cover = trade.is_some_and(open_trade) && flags > 0 && work >= 2;
        // red flags, pay, a contact, a place alone may be a news item's or a leaflet's: the line is read to its end first
        let line_ends = sentences.get(n + 1).is_none_or(|next| next.line > s.line);
        let looks_so = cover || (trade.is_none() && (flags > 0 || supports >= 2));
        if (s.offer.is_some() && !trade_first) || (line_ends && looks_so) {
            offer.is_offer = true;
            offer.no_offer = None;
            (offer.words, offer.line) = words_of(text, &segment, n as u32, s.offer);
            return;
        }
    }
    if let Some(signal) = report.or(trade) {
        offer.no_offer = Some(pack.signals[usize::from(signal)].reason.clone());
    }
}

/// For each token its segment: a sentence, or the part of one that stands on a line of its own. What a later line says
/// must not change what an earlier one has settled.
fn segments(text: &Text<'_>) -> Vec<u32> {
    let mut segment = 0;
    let mut last: Option<(u32, u32)> = None;
    text.tokens
        .iter()
        .map(|t| {
            segment += u32::from(last.is_some_and(|l| l != (t.line, t.sentence)));
            last = Some((t.line, t.sentence));
            segment
        })
        .collect()
}

fn sentences(
    pack: &Pack,
    segment: &[u32],
    text: &Text<'_>,
    hits: &Hits,
    facts: &Facts,
    quoted: &Quotes,
) -> Vec<Sentence> {
    let mut sentences = vec![Sentence::default(); segment.last().map_or(0, |s| *s as usize + 1)];
    text.tokens.iter().zip(segment).for_each(|(t, s)| sentences[*s as usize].line = t.line);
    let earliest = |slot: &mut Option<u32>, at: u32| *slot = Some(slot.map_or(at, |s| s.min(at)));
    for (n, list) in hits.iter() {
        let signal = &pack.signals[usize::from(n)];
        for hit in list {
            // what says "no offer" across lines counts where it ends: an appended line must not settle an earlier one
            let at = if signal.role == Role::NoOffer { hit.last } else { hit.first };
            let s = &mut sentences[segment[at as usize] as usize];
            match (signal.role, signal.reason.as_str()) {
                (Role::Counter, _) => {
                    s.supports += 1;
                    s.work += 1;
                }
                (Role::Offer, "supporting") => {
                    s.supports += 1;
                    s.work += u32::from(!signal.id.contains("contact"));
                    s.contact |= signal.id.contains("contact");
                }
                (Role::Offer | Role::Kind, _) if !quoted.discounts(hit) => {
                    earliest(&mut s.offer, hit.first);
                    s.supports += 1;
                }
                (Role::NoOffer, "news" | "warning" | "job-wanted") if s.report.is_none_or(|(at, _)| hit.first < at) => {
                    s.report = Some((hit.first, n));
                }
                (Role::NoOffer, _) if s.trade.is_none_or(|(at, _)| hit.first < at) => {
                    s.trade = Some((hit.first, n));
                }
                (Role::Flag, _) if !quoted.discounts(hit) && s.flagged != Some(n) => {
                    s.flags += 1;
                    s.flagged = Some(n);
                }
                _ => {}
            }
        }
    }
    let mut at = |span: Span, contact: bool| {
        let token = text.tokens.partition_point(|t| (t.end as usize) <= span.start);
        if let Some(s) = segment.get(token).and_then(|s| sentences.get_mut(*s as usize)) {
            s.contact |= contact;
            s.supports += 1;
        }
    };
    facts.telephones.iter().for_each(|f| at(f.span, true));
    facts.handles.iter().for_each(|f| at(f.span, true));
    facts.pay.iter().for_each(|p| at(p.span, false));
    facts.ages.iter().for_each(|a| at(a.span, false));
    // one place named is a support; a list of them is no better
    facts.destinations.iter().filter(|d| d.by_name || d.group == "far").take(1).for_each(|d| at(d.span, false));
    // nor is a town at home, save beside a trade: "Guards for the embassy district in Bishkek"
    for d in facts.destinations.iter().filter(|d| !d.by_name && d.group != "far") {
        let token = text.tokens.partition_point(|t| (t.end as usize) <= d.span.start);
        if let Some(s) = segment.get(token).and_then(|s| sentences.get_mut(*s as usize))
            && s.work > 0
        {
            s.supports += 1;
            break;
        }
    }
    sentences
}

/// The rarer kinds win over `job`. Trade in people is `other`.
const KINDS: [&str; 4] = ["other", "marriage", "modelling", "study"];

/// The kind that the lines up to this one speak of.
fn kind_of(pack: &Pack, text: &Text<'_>, hits: &Hits, line: u32) -> String {
    KINDS.iter().find(|k| held(pack, text, hits, k, line)).map_or("job", |k| k).to_string()
}

fn held(pack: &Pack, text: &Text<'_>, hits: &Hits, kind: &str, line: u32) -> bool {
    hits.iter().any(|(n, list)| {
        let s = &pack.signals[usize::from(n)];
        s.role == Role::Kind
            && (s.id.strip_prefix("kind-") == Some(kind) || s.reason == kind)
            // words that an appended line completes do not tell the kind of the lines above it
            && list.iter().any(|h| text.tokens[h.last as usize].line <= line)
    })
}

/// The sentence that settled it, at most thirty words from its decisive wording on.
fn words_of(text: &Text<'_>, segment: &[u32], sentence: u32, from: Option<u32>) -> (Span, u32) {
    let first = segment.partition_point(|s| *s < sentence);
    let last = segment.partition_point(|s| *s <= sentence) - 1;
    let first = from.map_or(first, |f| f as usize).min(last);
    let (start, end) = text.span(first, last.min(first + 30));
    (Span { start, end }, text.tokens[first].line)
}

/// Which tokens stand in quotation marks, outside a text that is one quotation altogether.
struct Quotes(Vec<(u32, u32)>);

impl Quotes {
    fn read(text: &Text<'_>) -> Quotes {
        let mut spans = Vec::new();
        if !text.original.contains(['«', '“', '„', '"', '‘', '\'']) {
            return Quotes(spans);
        }
        let mut open: Option<(usize, char)> = None;
        let mut before = ' ';
        let mut chars = text.original.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            // a quotation ends with its line: an appended line must not close one that stood open
            if c == '\n' {
                open = None;
            }
            let after = chars.peek().map_or(' ', |(_, c)| *c);
            // an apostrophe opens a quotation only before a word, and closes it only behind one
            let simple = matches!(c, '\'' | '‘' | '’');
            let opens =
                matches!(c, '«' | '“' | '„' | '"') || (simple && !before.is_alphanumeric() && after.is_alphanumeric());
            match open {
                None if opens => open = Some((i, c)),
                Some((start, mark)) if closes(mark, c) && !(simple && after.is_alphanumeric()) => {
                    let first = text.tokens.partition_point(|t| (t.start as usize) < start);
                    let end = text.tokens.partition_point(|t| (t.start as usize) < i);
                    // names ("Кафе «Нур»") are no quotations, and what opens the text is the advert itself
                    if end >= first + 3 && first > 0 {
                        spans.push((first as u32, end as u32 - 1));
                    }
                    open = None;
                }
                _ => {}
            }
            before = c;
        }
        Quotes(spans)
    }

    fn discounts(&self, hit: &Hit) -> bool {
        let at = self.0.partition_point(|&(_, last)| last < hit.first);
        self.0.get(at).is_some_and(|&(first, _)| first <= hit.first)
    }
}

fn closes(open: char, close: char) -> bool {
    matches!((open, close), ('«', '»') | ('“', '”') | ('„', '“' | '”') | ('"', '"') | ('‘' | '\'', '’' | '\''))
}
