//! x
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let rules = sakchy_rules::Rules::load_what_can_be(std::path::Path::new(&dir)).0;
    let p = sakchy_rules::compile::compile_what_can_be(&rules).0.pack;
    let full = p.to_bytes();
    std::fs::write("/tmp/sz/full", &full).unwrap();
    let mut q = p.clone();
    q.atoms.clear();
    std::fs::write("/tmp/sz/no-atoms", q.to_bytes()).unwrap();
    let mut q = p.clone();
    q.sets.clear();
    std::fs::write("/tmp/sz/no-sets", q.to_bytes()).unwrap();
    let mut q = p.clone();
    q.phrases.clear();
    std::fs::write("/tmp/sz/no-phrases", q.to_bytes()).unwrap();
    let mut q = p.clone();
    q.indicators.clear();
    std::fs::write("/tmp/sz/no-indicators", q.to_bytes()).unwrap();
    let mut q = p.clone();
    q.abbreviations.clear();
    std::fs::write("/tmp/sz/no-abbr", q.to_bytes()).unwrap();
    let mut q = p.clone();
    q.messages.clear();
    std::fs::write("/tmp/sz/no-messages", q.to_bytes()).unwrap();
    let atoms = sakchy_core::pack::read_atoms(&p.atoms, &p.negations).unwrap();
    println!(
        "atoms {} sets {} seqs {} own {} phrases {} places {}",
        atoms.len(),
        p.sets.len(),
        p.sets.iter().map(|s| s.sequences.len()).sum::<usize>(),
        p.sets.iter().map(|s| s.own.len()).sum::<usize>(),
        p.phrases.len(),
        p.phrases.iter().map(|x| x.places.len()).sum::<usize>()
    );
    let mut by = std::collections::BTreeMap::<String, usize>::new();
    for x in &p.phrases {
        *by.entry(p.signals[x.signal as usize].id.clone()).or_default() += 1;
    }
    let mut v: Vec<_> = by.into_iter().collect();
    v.sort_by_key(|x| std::cmp::Reverse(x.1));
    println!("{:?}", &v[..40.min(v.len())]);
}
