//! Tuning.
use sakchy_train::{corpus, cv, metrics::*, model::*};
fn main() {
    let s = sakchy::Screener::builtin().without_model();
    let rows: Vec<_> = corpus::load(std::path::Path::new("corpus")).unwrap().into_iter().filter(|r| r.split != "frozen").collect();
    let ex = cv::examples(&s, &rows, None);
    let arg: Vec<f64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let settings = Settings { features: arg[0] as usize, alpha: arg[1], without_signals: arg[2] > 0.0, least: arg[3] as u32, ..Settings::default() };
    let t = std::time::Instant::now();
    let models = cv::models(&rows, &ex, &settings, None, &mut |_| {}).unwrap();
    let took = t.elapsed();
    let engines: Vec<_> = models.iter().map(|m| s.engine().clone().with_model(m.clone(), "x")).collect();
    let mut by: std::collections::BTreeMap<String, Vec<(f64, bool)>> = Default::default();
    for r in &rows {
        let (offer, v) = cv::value(&engines[cv::fold(r)], &r.text);
        let _ = offer;
        for k in ["all".to_string(), r.split.clone(), if r.split == "training" || r.split == "seen" { "blind".into() } else { "x".into() }] { by.entry(k).or_default().push((v as f64, r.risky())); }
    }
    println!("{arg:?} {took:?} bytes {} named {}", models[0].to_bytes().len(), models[0].named.len());
    for (k, v) in by { println!("  {k:<12} n {} AP {:.3} AUC {:.3} r@1% {:.3} r@5% {:.3}", v.len(), average_precision(&v), roc_auc(&v), recall_at(&v, 0.01), recall_at(&v, 0.05)); }
}
