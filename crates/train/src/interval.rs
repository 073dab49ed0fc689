//! Confidence intervals of shares.

/// Wilson's score interval at 95%, in percent. Source: E. B. Wilson, JASA 22 (1927), 209-212.
pub fn wilson(hits: usize, of: usize) -> (f64, f64) {
    if of == 0 {
        return (0.0, 100.0);
    }
    let z = 1.959_964_f64;
    let n = of as f64;
    let p = hits as f64 / n;
    let centre = p + z * z / (2.0 * n);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (((centre - spread) / scale).max(0.0) * 100.0, ((centre + spread) / scale).min(1.0) * 100.0)
}

#[cfg(test)]
mod tests {
    use super::wilson;

    #[test]
    fn known_values() {
        let (low, high) = wilson(81, 263);
        assert!((low - 25.53).abs() < 0.1 && (high - 36.64).abs() < 0.1, "{low} {high}");
        assert_eq!(wilson(0, 0), (0.0, 100.0));
    }
}
