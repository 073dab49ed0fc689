//! What a caller in JavaScript may choose, read from a plain object.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Owned strings behind [`sakchy::Options`].
#[derive(Default)]
pub struct Chosen {
    lang: Option<String>,
    country: Option<String>,
    kind: Option<String>,
    /// The advert's title.
    pub title: Option<String>,
    id: Option<String>,
}

impl Chosen {
    /// Reads the object; undefined and null mean nothing was chosen.
    ///
    /// # Errors
    /// A message where a value is no string.
    pub fn read(options: &JsValue) -> Result<Chosen, JsValue> {
        if options.is_undefined() || options.is_null() {
            return Ok(Chosen::default());
        }
        if !options.is_object() {
            return Err(type_error("options must be an object such as {lang: \"ru\"}"));
        }
        let field = |name: &str| -> Result<Option<String>, JsValue> {
            let value = Reflect::get(options, &JsValue::from_str(name))?;
            if value.is_undefined() || value.is_null() {
                return Ok(None);
            }
            value.as_string().map(Some).ok_or_else(|| type_error(&format!("option `{name}` must be a string")))
        };
        Ok(Chosen {
            lang: field("lang")?,
            country: field("country")?,
            kind: field("kind")?,
            title: field("title")?,
            id: field("id")?,
        })
    }

    /// As the screener takes them.
    pub fn as_options(&self) -> sakchy::Options<'_> {
        sakchy::Options {
            lang: self.lang.as_deref(),
            country: self.country.as_deref(),
            kind: self.kind.as_deref(),
            title: self.title.as_deref(),
            id: self.id.as_deref(),
            ..sakchy::Options::default()
        }
    }
}

/// A JavaScript `TypeError`.
pub fn type_error(message: &str) -> JsValue {
    js_sys::TypeError::new(message).into()
}
