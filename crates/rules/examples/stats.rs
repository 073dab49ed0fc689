//! Counts what a pack is made of, in bytes as it is stored.
fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "rules".into());
    let rules = sakchy_rules::Rules::load_what_can_be(std::path::Path::new(&folder)).0;
    let pack = sakchy_rules::compile::compile_what_can_be(&rules).0.pack;
    let size = |bytes: Result<Vec<u8>, postcard::Error>| bytes.map_or(0, |b| b.len());
    let lexicon = sakchy_core::lexicon::Lexicon::new(&pack).unwrap();
    println!("{} words, {} sets, {} phrases, {} signals, {} indicators", lexicon.atoms().len(), pack.sets.len(), pack.phrases.len(), pack.signals.len(), pack.indicators.len());
    println!("words {} sets {}", pack.atoms.len(), size(postcard::to_allocvec(&pack.sets)));
    println!("indicators {} messages {} help {}", size(postcard::to_allocvec(&pack.indicators)), size(postcard::to_allocvec(&pack.messages)), size(postcard::to_allocvec(&pack.help)));
    let mut per = std::collections::BTreeMap::<u16, usize>::new();
    for p in &pack.phrases {
        *per.entry(p.signal).or_default() += 1;
    }
    let mut most: Vec<_> = per.into_iter().map(|(s, n)| (n, pack.signals[usize::from(s)].id.clone())).collect();
    most.sort();
    for (n, id) in most.iter().rev().take(12) {
        println!("{n:>6} {id}");
    }
    std::fs::write("/tmp/x.pack", pack.to_bytes()).unwrap();
}
