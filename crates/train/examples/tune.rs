//! Tuning.
use sakchy_train::{corpus, metrics::*, model::*, training::*};
fn main() {
    let s = sakchy::Screener::builtin().without_model();
    let rows: Vec<_> =
        corpus::load(std::path::Path::new("corpus")).unwrap().into_iter().filter(|r| r.split != "frozen").collect();
    let arg: Vec<f64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let settings = Settings {
        features: arg[0] as usize,
        alpha: arg[1],
        without_signals: arg[2] > 0.0,
        least: arg[3] as u32,
        ..Settings::default()
    };
    let t = std::time::Instant::now();
    let o = train(&s, &rows, &settings, None, &mut |_, _| {}).unwrap();
    println!(
        "{arg:?} {:?} bytes {} named {} knots {:?}",
        t.elapsed(),
        o.model.to_bytes().len(),
        o.model.named.len(),
        o.model.knots
    );
    let scale = &s.pack().scale;
    for k in ["all", "blind", "open", "legitimate", "seen", "training"] {
        let keep = |r: &corpus::Row| {
            k == "all" || r.split == k || (k == "blind" && (r.split == "seen" || r.split == "training"))
        };
        let line = |views: &[View]| {
            let v: Vec<_> = rows.iter().zip(views).filter(|(r, _)| keep(r)).map(|(r, v)| (v, r.risky())).collect();
            let share = |risky: bool, both: bool| {
                let all: Vec<_> = v.iter().filter(|(_, r)| *r == risky).collect();
                let n = all
                    .iter()
                    .filter(|(v, _)| {
                        (if both { together(scale, v.rules, o.model.points(v.value)) } else { v.rules.score })
                            >= scale.warning
                    })
                    .count();
                100.0 * n as f64 / all.len().max(1) as f64
            };
            let items: Vec<(f64, bool)> = v.iter().map(|(v, r)| (v.value as f64, *r)).collect();
            format!(
                "AP {:.3} AUC {:.3} r@1% {:.3} | recall {:.1} -> {:.1} fa {:.1} -> {:.1}",
                average_precision(&items),
                roc_auc(&items),
                recall_at(&items, 0.01),
                share(true, false),
                share(true, true),
                share(false, false),
                share(false, true)
            )
        };
        println!("  {k:<10} {}", line(&o.views));
        println!("  {k:<10} {} (30% removed)", line(&o.draws[0]));
    }
}
