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
    reorder(&p);
    let mut by = std::collections::BTreeMap::<String, usize>::new();
    for x in &p.phrases {
        *by.entry(p.signals[x.signal as usize].id.clone()).or_default() += 1;
    }
    let mut v: Vec<_> = by.into_iter().collect();
    v.sort_by_key(|x| std::cmp::Reverse(x.1));
    println!("{:?}", &v[..40.min(v.len())]);
}
#[allow(dead_code)]
fn reorder(p: &sakchy_core::pack::Pack) {
    let atoms = sakchy_core::pack::read_atoms(&p.atoms, &p.negations).unwrap();
    let mut number = vec![u32::MAX; atoms.len()];
    let mut order = Vec::new();
    let mut out: Vec<u8> = Vec::new();
    let varint = |mut n: u32, out: &mut Vec<u8>| {
        while n >= 128 {
            out.push((n as u8) | 128);
            n >>= 7;
        }
        out.push(n as u8);
    };
    let mut next = 0u32;
    for s in &p.sets {
        varint(s.own.len() as u32, &mut out);
        let mut last = next;
        for &a in &s.own {
            if number[a as usize] == u32::MAX {
                number[a as usize] = next;
                order.push(a);
                next += 1;
            }
            let n = number[a as usize];
            let d = n as i64 - last as i64;
            varint(((d << 1) ^ (d >> 63)) as u32, &mut out);
            last = n + 1;
        }
        varint(s.includes.len() as u32, &mut out);
        for &i in &s.includes {
            varint(i, &mut out);
        }
        varint(s.sequences.len() as u32, &mut out);
    }
    let mut words: Vec<u8> = Vec::new();
    let mut last: Vec<u8> = Vec::new();
    for &a in &order {
        let w = atoms.word(a as usize);
        let shared = w.iter().zip(&last).take_while(|(a, b)| a == b).count();
        words.push(shared as u8);
        words.push((((w.len() - shared) as u8) << 2) | atoms.ending(a as usize) as u8);
        words.extend_from_slice(&w[shared..]);
        last = w.to_vec();
    }
    std::fs::write("/tmp/sz/new-sets", &out).unwrap();
    std::fs::write("/tmp/sz/new-words", &words).unwrap();
    let mut seqs: Vec<u8> = Vec::new();
    for (n, s) in p.sets.iter().enumerate() {
        for q in &s.sequences {
            varint(q.len() as u32, &mut seqs);
            for &x in q {
                varint(n as u32 - x, &mut seqs);
            }
        }
    }
    std::fs::write("/tmp/sz/seqs", &seqs).unwrap();
    let one = p.sets.iter().filter(|s| s.own.len() == 1 && s.includes.is_empty() && s.sequences.is_empty()).count();
    println!("sets of one word {one}");
}
