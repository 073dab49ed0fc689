//! Prints the adverts of files as JSON Lines with their places: `cargo run --release -p sakchy-documents --example adverts FILE...`

use sakchy_documents::{Layout, Options, Source, open};
use std::path::Path;

fn main() {
    for name in std::env::args().skip(1) {
        let Some(layout) = Layout::of(Path::new(&name)) else {
            eprintln!("{name}: the ending is not known");
            continue;
        };
        match open(Source::File(name.clone().into()), layout, &Options::default()) {
            Ok(items) => items.for_each(|item| match item {
                Ok(a) => {
                    println!("{}", serde_json::json!({"at": a.fragment(), "rubric": a.rubric, "text": a.text}));
                }
                Err(t) => eprintln!("{name}: {}", t.problem),
            }),
            Err(e) => eprintln!("{name}: {e}"),
        }
    }
}
