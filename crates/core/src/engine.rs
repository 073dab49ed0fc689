//! One text through the whole house.

use crate::answer::{Assessment, ClassifierPart, Evidence, FactsShown, Finding, HelpShown};
use crate::classifier::{Classifier, Model};
use crate::condition;
use crate::condition::{Scene, merge};
use crate::facts::{Facts, Span};
use crate::language::{self, Runs};
use crate::lexicon::Lexicon;
use crate::marks::Marks;
use crate::offer::{self, Offer};
use crate::pack::{Category, Indicator, Pack, PackError, Strength, Wording};
use crate::registry::Registry;
use crate::scan::{Hits, Scanner};
use crate::score;
use crate::split::{Splitter, Vocabulary};
use crate::text::Text;

/// Most pieces of evidence shown for one signal.
const EVIDENCE_PER_SIGNAL: usize = 3;

/// What a caller may choose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Language of the answer's texts: ky, ru, uz or en; the advert's own where it is one of them, else ru, by default.
    pub lang: Option<&'a str>,
    /// Country whose help lines are shown (ISO 3166-1 alpha-2); KG by default.
    pub country: Option<&'a str>,
    /// The kind of offer, where the caller knows it.
    pub kind: Option<&'a str>,
    /// The advert's title; read before the text.
    pub title: Option<&'a str>,
    /// The caller's identifier, given back.
    pub id: Option<&'a str>,
    /// The user's list of permits.
    pub registry: Option<&'a Registry>,
}

/// A pack made ready for screening.
#[derive(Clone, Debug)]
pub struct Engine {
    pack: Pack,
    pack_version: String,
    lexicon: Lexicon,
    scanner: Scanner,
    splitter: Splitter,
    /// For each indicator the signals of which one must hold; none: it is always evaluated.
    gates: Vec<Vec<u16>>,
    runs: Runs,
    /// The classifier and the content hash of its model.
    classifier: Option<(Classifier, String)>,
}

/// Everything seen in one text, for `explain` and the tools of rule writers.
pub struct Reading<'t> {
    /// The words.
    pub text: Text<'t>,
    /// The signals.
    pub hits: Hits,
    /// The facts.
    pub facts: Facts,
    /// Offer and kind.
    pub offer: Offer,
    /// Language of the text.
    pub language: &'static str,
    /// Languages of a mixed text with their shares in percent, the main one first; empty where it is not mixed.
    pub languages: Vec<(&'static str, u32)>,
}

impl Engine {
    /// Makes a verified pack ready. `version` names its content in every answer (`sha256:...`).
    ///
    /// # Errors
    /// [`PackError::Inconsistent`] when no automaton can be built of its words.
    pub fn new(pack: Pack, version: &str) -> Result<Engine, PackError> {
        let lexicon = Lexicon::new(&pack).map_err(PackError::Inconsistent)?;
        let scanner = Scanner::new(&pack, &lexicon);
        let splitter = Splitter::new(&pack);
        let gates = pack.indicators.iter().map(|i| condition::gate(&i.when)).collect();
        let runs = Runs::new(&pack.language_runs);
        let pack_version = version.to_string();
        Ok(Engine { pack, pack_version, lexicon, scanner, splitter, gates, runs, classifier: None })
    }

    /// The same engine with a classifier. `version` names the model's content in every answer (`sha256:...`).
    #[must_use]
    pub fn with_model(mut self, model: Model, version: &str) -> Engine {
        self.classifier = Some((Classifier::new(model, &self.pack), version.to_string()));
        self
    }

    /// The same engine by rules alone.
    #[must_use]
    pub fn without_model(mut self) -> Engine {
        self.classifier = None;
        self
    }

    /// Content hash of the model, where there is one.
    pub fn model_version(&self) -> Option<&str> {
        self.classifier.as_ref().map(|c| c.1.as_str())
    }

    /// What the classifier makes of a text before it becomes points, for calibration; none without a model.
    pub fn classifier_value(&self, reading: &Reading<'_>) -> Option<i64> {
        self.classifier.as_ref().map(|(c, _)| c.value(&self.pack, reading))
    }

    /// The pack.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// Content hash of the pack.
    pub fn pack_version(&self) -> &str {
        &self.pack_version
    }

    /// Reads a text without judging it.
    pub fn read<'t>(&self, text: &'t str, kind: Option<&str>) -> Reading<'t> {
        let text = Text::read(text, &Vocabulary { splitter: &self.splitter, lexicon: &self.lexicon });
        let marks = Marks::new(&self.lexicon, &text);
        let hits = self.scanner.scan(&self.pack, &marks);
        let spoken = language::detect(&text, &self.runs);
        let facts = Facts::read(&self.pack, &marks, &hits, spoken.main);
        let offer = offer::decide(&self.pack, &text, &hits, &facts, kind);
        Reading { text, hits, facts, offer, language: spoken.main, languages: spoken.shares }
    }

    /// Shows the words of ours in a text.
    #[cfg(test)]
    pub(crate) fn with_marks<T>(&self, text: &str, look: impl FnOnce(&Pack, &Marks<'_, '_>) -> T) -> T {
        let text = Text::read(text, &Vocabulary { splitter: &self.splitter, lexicon: &self.lexicon });
        look(&self.pack, &Marks::new(&self.lexicon, &text))
    }

    /// Screens one advert. Never fails and never panics: any string has an answer.
    pub fn screen(&self, text: &str, options: &Options<'_>) -> Assessment {
        let title = options.title.unwrap_or("").trim_end();
        if title.is_empty() {
            return self.judge(text, 0, options);
        }
        // title and text are read as one, so that a phrase may begin in the one and an absence be answered by the other
        let whole = format!("{title}\n\n{text}");
        self.judge(&whole, title.len() + 2, options)
    }

    fn judge(&self, text: &str, body: usize, options: &Options<'_>) -> Assessment {
        let reading = self.read(text, options.kind);
        let registry = options.registry.and_then(|r| r.look_up(&reading.facts));
        let scene = Scene {
            pack: &self.pack,
            text: &reading.text,
            hits: &reading.hits,
            facts: &reading.facts,
            offer: &reading.offer,
            language: reading.language,
            registry: registry.as_ref(),
        };
        let held: Vec<&Indicator> = if reading.offer.is_offer { self.held(&scene) } else { Vec::new() };
        let mut classifier = match &self.classifier {
            None => ClassifierPart { state: Some("off"), ..ClassifierPart::default() },
            Some((c, _)) if reading.offer.is_offer => {
                c.weigh(&self.pack, &reading, self.pack.scale.classifier_cap, body)
            }
            Some(_) => ClassifierPart::default(),
        };
        let score = score::add_up(&self.pack.scale, &held, classifier.points);
        classifier.limit(score.classifier);
        let lang = self.answer_language(options.lang, reading.language);
        let findings: Vec<Finding> = held.iter().map(|i| self.finding(&scene, i, lang, body)).collect();
        let country = options.country.unwrap_or("KG");
        let serious = score.points >= self.pack.scale.notice;
        Assessment {
            v: 1,
            id: options.id.map(str::to_string),
            score: score.points,
            band: score.band,
            category: score.category,
            offer: reading.offer.is_offer,
            no_offer: reading.offer.no_offer.clone(),
            kind: reading.offer.kind.clone(),
            language: reading.language,
            languages: reading.languages.iter().copied().collect(),
            findings,
            sum: score.sum,
            cap: score::MOST,
            facts: shown(&reading.facts, registry),
            classifier,
            advice: if serious { self.advice(score.category, &reading.offer.kind, lang) } else { Vec::new() },
            help: if serious { self.help(country, lang) } else { Vec::new() },
            engine: env!("CARGO_PKG_VERSION"),
            pack: self.pack_version.clone(),
            model: self.model_version().map(str::to_string),
        }
    }

    /// The indicators that hold, gravest first.
    fn held(&self, scene: &Scene<'_, '_>) -> Vec<&Indicator> {
        let kinds = &scene.offer.kinds;
        let mut held: Vec<&Indicator> = self
            .pack
            .indicators
            .iter()
            .zip(&self.gates)
            .filter(|(_, gate)| gate.is_empty() || gate.iter().any(|&n| scene.hits.holds(n)))
            .map(|(i, _)| i)
            .filter(|i| (i.kinds.is_empty() || i.kinds.iter().any(|k| kinds.contains(k))) && scene.holds(&i.when))
            .collect();
        held.sort_by(|a, b| b.strength.cmp(&a.strength).then(b.points.cmp(&a.points)).then(a.id.cmp(&b.id)));
        held
    }

    fn finding(&self, scene: &Scene<'_, '_>, indicator: &Indicator, lang: &str, body: usize) -> Finding {
        let mut wording = wording(&indicator.text, lang);
        let variant = indicator.variants.iter().find(|v| scene.holds(&v.when));
        if let Some(variant) = variant {
            let other = self::wording(&variant.text, lang);
            let take = |own: &mut String, other: String| {
                if !other.is_empty() {
                    *own = other;
                }
            };
            take(&mut wording.title, other.title);
            take(&mut wording.explanation, other.explanation);
            take(&mut wording.ask, other.ask);
        }
        if let Some(until) = scene.registry.and_then(|r| r.until.as_deref()) {
            wording.explanation = wording.explanation.replace("{until}", until);
        }
        let mut spans = scene.evidence(&indicator.when, &indicator.evidence, EVIDENCE_PER_SIGNAL);
        if let Some(variant) = variant {
            spans = condition::merge(
                spans.into_iter().chain(scene.evidence(&variant.when, &[], EVIDENCE_PER_SIGNAL)).collect(),
            );
        }
        if spans.is_empty() || indicator.absent {
            spans.push(scene.offer.words);
        }
        let spans = merge(spans);
        Finding {
            indicator: indicator.id.clone(),
            strength: indicator.strength,
            points: if indicator.strength == Strength::Context { 0 } else { indicator.points },
            category: indicator.category,
            absent: indicator.absent,
            title: wording.title,
            explanation: wording.explanation,
            ask: wording.ask,
            evidence: spans.into_iter().filter_map(|span| evidence(scene.text.original, span, body)).collect(),
        }
    }

    /// The language of the answer: what the reader chose, else the advert's own, else Russian.
    fn answer_language<'a>(&self, chosen: Option<&'a str>, own: &'a str) -> &'a str {
        let has = |lang: &&str| self.pack.messages.contains_key(*lang);
        chosen.filter(has).or(Some(own).filter(has)).unwrap_or("ru")
    }

    fn advice(&self, category: Option<Category>, kind: &str, lang: &str) -> Vec<String> {
        let category = match category {
            Some(Category::RecruitmentScam) => "recruitment-scam",
            _ => "trafficking",
        };
        let messages = self.pack.messages.get(lang).or_else(|| self.pack.messages.get("en"));
        self.pack
            .advice
            .iter()
            .filter(|(_, c, k)| (c == "any" || c == category) && (k == "any" || k == kind))
            .filter_map(|(id, _, _)| messages.and_then(|m| m.get(&format!("advice.{id}"))).cloned())
            .collect()
    }

    /// Help lines of a country, in a language of the pack; general advice where the country has none.
    pub fn help(&self, country: &str, lang: &str) -> Vec<HelpShown> {
        let of = |c: &str| {
            self.pack.help.iter().filter(|h| h.country == c).map(|h| HelpShown::of(h, lang)).collect::<Vec<_>>()
        };
        let own = of(country);
        if own.is_empty() { of("XX") } else { own }
    }
}

fn wording(texts: &std::collections::BTreeMap<String, Wording>, lang: &str) -> Wording {
    texts.get(lang).or_else(|| texts.get("ru")).or_else(|| texts.get("en")).cloned().unwrap_or_default()
}

/// A span as evidence, in the field that it stands in: the title comes first and the text behind it.
pub(crate) fn evidence(whole: &str, span: Span, body: usize) -> Option<Evidence> {
    let in_title = span.start < body;
    let (field, from, end) =
        if in_title { ("title", 0, span.end.min(body.saturating_sub(2))) } else { ("text", body, span.end) };
    let text = whole.get(span.start..end)?;
    (!text.is_empty()).then(|| Evidence { field, start: span.start - from, end: end - from, text: text.to_string() })
}

fn shown(facts: &Facts, registry: Option<crate::answer::RegistryFinding>) -> FactsShown {
    fn unique<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
        values.fold(Vec::new(), |mut out, v| {
            if !out.contains(&v) && out.len() < 64 {
                out.push(v);
            }
            out
        })
    }
    FactsShown {
        telephones: unique(facts.telephones.iter().map(|f| f.value.clone())),
        handles: unique(facts.handles.iter().map(|f| f.value.clone())),
        pay: facts.pay.iter().take(64).cloned().collect(),
        ages: facts.ages.iter().take(64).cloned().collect(),
        destinations: unique(facts.destinations.iter().map(|d| d.country.clone())),
        places: facts.destinations.clone(),
        firms: unique(facts.firms.iter().map(|f| f.name.clone())),
        permit: facts.permit.as_ref().map(|f| f.value.clone()),
        registry,
    }
}
