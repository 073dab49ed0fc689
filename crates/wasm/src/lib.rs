//! The screener for JavaScript: conversions, no logic. `cargo xtask npm` makes the package `@sakchy/screener` of it.

mod options;
mod utf16;

pub use utf16::Utf16;

use options::{Chosen, type_error};
use serde_json::json;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen]
extern "C" {
    /// An answer.
    #[wasm_bindgen(typescript_type = "Assessment")]
    pub type JsAssessment;
    /// Answers.
    #[wasm_bindgen(typescript_type = "Assessment[]")]
    pub type JsAssessments;
    /// An answer with everything seen.
    #[wasm_bindgen(typescript_type = "Explanation")]
    pub type JsExplanation;
    /// What a caller may choose.
    #[wasm_bindgen(typescript_type = "Options")]
    pub type JsOptions;
    /// Help lines.
    #[wasm_bindgen(typescript_type = "HelpLine[]")]
    pub type JsHelpLines;
    /// Messages by key.
    #[wasm_bindgen(typescript_type = "Record<string, string>")]
    pub type JsMessages;
}

/// Screens adverts with one pack. Make one and keep it.
#[wasm_bindgen]
pub struct Screener(sakchy::Screener);

#[wasm_bindgen]
impl Screener {
    /// The screener with the pack that comes with this version.
    pub fn builtin() -> Screener {
        Screener(sakchy::Screener::builtin())
    }

    /// The screener with a pack written by `sakchy rules build`. Throws where the bytes are no pack, of another version,
    /// cut short or damaged; the error's message says which.
    #[wasm_bindgen(js_name = withPack)]
    pub fn with_pack(bytes: &[u8]) -> Result<Screener, JsError> {
        sakchy::Screener::with_pack(bytes).map(Screener).map_err(|e| JsError::new(&e.to_string()))
    }

    /// Screens one advert. Any string has an answer. Offsets are UTF-16.
    pub fn screen(&self, text: &str, options: Option<JsOptions>) -> Result<JsAssessment, JsValue> {
        let chosen = Chosen::read(&options.into())?;
        Ok(object(&self.answer(text, &chosen).to_json()).unchecked_into())
    }

    /// Screens many adverts with the same options, in order.
    #[wasm_bindgen(js_name = screenMany)]
    pub fn screen_many(&self, texts: Vec<String>, options: Option<JsOptions>) -> Result<JsAssessments, JsValue> {
        let chosen = Chosen::read(&options.into())?;
        let answers: Vec<String> = texts.iter().map(|text| self.answer(text, &chosen).to_json()).collect();
        Ok(object(&format!("[{}]", answers.join(","))).unchecked_into())
    }

    /// Screens one advert; the answer as the same bytes of JSON that every platform gives (offsets are bytes of UTF-8).
    #[wasm_bindgen(js_name = screenJson)]
    pub fn screen_json(&self, text: &str, options: Option<JsOptions>) -> Result<String, JsValue> {
        let chosen = Chosen::read(&options.into())?;
        Ok(self.0.screen_json(text, &chosen.as_options()))
    }

    /// An answer and how the text was read: for rule writers.
    pub fn explain(&self, text: &str, options: Option<JsOptions>) -> Result<JsExplanation, JsValue> {
        let chosen = Chosen::read(&options.into())?;
        if chosen.title.is_some() {
            return Err(type_error("explain takes no title: put it before the text"));
        }
        let answer = self.answer(text, &chosen);
        let reading = self.0.engine().read(text, chosen.as_options().kind);
        let map = Utf16::of(text);
        let signals: Vec<_> = (0u16..)
            .zip(&self.0.pack().signals)
            .filter(|(index, _)| reading.hits.holds(*index))
            .map(|(index, signal)| {
                let words = reading.hits.of(index).iter().map(|hit| {
                    let (start, end) = reading.text.span(hit.first as usize, hit.last as usize);
                    json!({"start": map.offset(start), "end": map.offset(end), "text": &text[start..end]})
                });
                json!({"signal": signal.id, "role": signal.role, "words": words.collect::<Vec<_>>()})
            })
            .collect();
        let whole = json!({"assessment": answer, "signals": signals});
        Ok(object(&whole.to_string()).unchecked_into())
    }

    /// Content hash of the pack, as in every answer.
    #[wasm_bindgen(getter, js_name = packVersion)]
    pub fn pack_version(&self) -> String {
        self.0.pack_version().to_string()
    }

    /// Help lines of a country (ISO 3166-1 alpha-2), general advice where it has none.
    pub fn help(&self, country: &str, lang: &str) -> JsHelpLines {
        let lines = self.0.engine().help(country, lang);
        object(&serde_json::to_string(&lines).unwrap_or_default()).unchecked_into()
    }

    /// Short texts of the pack by key (`band.none`, `heading.ask` ...); empty where the pack lacks the language.
    pub fn messages(&self, lang: &str) -> JsMessages {
        let own = self.0.pack().messages.get(lang);
        object(&own.map_or_else(|| "{}".into(), |m| serde_json::to_string(m).unwrap_or_default())).unchecked_into()
    }

    /// Names of the countries of the pack by code (ISO 3166-1 alpha-2); browsers know few in Kyrgyz or Uzbek.
    pub fn countries(&self, lang: &str) -> JsMessages {
        let named = self.0.pack().countries.iter().filter_map(|c| Some((c.code.as_str(), c.name.get(lang)?.as_str())));
        let names: std::collections::BTreeMap<&str, &str> = named.collect();
        object(&serde_json::to_string(&names).unwrap_or_default()).unchecked_into()
    }
}

impl Screener {
    fn answer(&self, text: &str, chosen: &Chosen) -> sakchy::Assessment {
        let mut answer = self.0.screen_with(text, &chosen.as_options());
        utf16::convert(&mut answer, text, chosen.title.as_deref().unwrap_or(""));
        answer
    }
}

/// JSON that Rust wrote, as an object.
fn object(json: &str) -> JsValue {
    js_sys::JSON::parse(json).unwrap_or(JsValue::NULL)
}
