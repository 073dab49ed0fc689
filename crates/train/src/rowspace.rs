//! Logistic regression over all slots at once, by way of the rows.
//!
//! There are tens of thousands of slots and a few thousand rows, and a dense solver cannot hold the one times the other. But
//! a ridge penalty only ever gives weights that are sums of the rows, so the rows may stand in any coordinates that keep
//! their products: those of the Cholesky factor of the table of products. It is square in the rows, the fit is the same to
//! the last digit that matters, and the weights of the slots are read back from it. (Selecting 8,000 slots instead cost
//! two points of average precision on held-out rows.)

use ndarray::{Array1, Array2};

/// A row: columns in rising order and their values.
pub type SparseRow = Vec<(u32, f32)>;

/// The coordinates of rows among themselves: a lower triangle, one line a row, with the same products as the rows.
///
/// A small multiple of one is added on the diagonal, for equal rows are no coordinates.
pub fn coordinates(rows: &[SparseRow], columns: usize) -> Array2<f64> {
    let mut table = products(rows, columns);
    let n = rows.len();
    let mean = (0..n).map(|i| table[[i, i]]).sum::<f64>() / n.max(1) as f64;
    for i in 0..n {
        table[[i, i]] += 1e-6 * mean + 1e-12;
    }
    for i in 0..n {
        let (above, mut own) = table.view_mut().split_at(ndarray::Axis(0), i);
        let own = own.row_mut(0).into_slice().unwrap_or_default();
        for j in 0..i {
            let other = above.row(j).to_slice().unwrap_or_default();
            own[j] = (own[j] - dot(&own[..j], &other[..j])) / other[j];
        }
        own[i] = (own[i] - dot(&own[..i], &own[..i])).max(1e-12).sqrt();
        own[i + 1..].fill(0.0);
    }
    table
}

/// In eight sums side by side, as the processor likes it.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0f64; 8];
    let (left, right) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = left.remainder().iter().zip(right.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in left.zip(right) {
        (0..8).for_each(|k| sums[k] += x[k] * y[k]);
    }
    sums.iter().sum::<f64>() + rest
}

/// Products of every row with those up to itself.
fn products(rows: &[SparseRow], columns: usize) -> Array2<f64> {
    let n = rows.len();
    let mut table = Array2::zeros((n, n));
    let mut spread = vec![0f32; columns];
    for (i, row) in rows.iter().enumerate() {
        row.iter().for_each(|(c, v)| spread[*c as usize] = *v);
        for (j, other) in rows[..=i].iter().enumerate() {
            let product: f64 = other.iter().map(|(c, v)| f64::from(spread[*c as usize]) * f64::from(*v)).sum();
            table[[i, j]] = product;
        }
        row.iter().for_each(|(c, _)| spread[*c as usize] = 0.0);
    }
    table
}

/// The weights of the columns, given those of the coordinates.
pub fn back(triangle: &Array2<f64>, weights: &Array1<f64>, rows: &[SparseRow], columns: usize) -> Vec<f64> {
    let n = rows.len();
    // solve the transposed triangle from below: how much of each row the weights hold
    let mut share = weights.clone();
    for i in (0..n).rev() {
        share[i] /= triangle[[i, i]];
        let take = share[i];
        for j in 0..i {
            share[j] -= triangle[[i, j]] * take;
        }
    }
    let mut out = vec![0f64; columns];
    for (row, share) in rows.iter().zip(&share) {
        row.iter().for_each(|(c, v)| out[*c as usize] += share * f64::from(*v));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<SparseRow> {
        vec![vec![(0, 1.0), (2, 2.0)], vec![(1, 3.0), (2, 1.0)], vec![(0, 0.5), (3, 1.5)], vec![(0, 1.0), (2, 2.0)]]
    }

    #[test]
    fn coordinates_keep_the_products() {
        let rows = rows();
        let l = coordinates(&rows, 4);
        let again = l.dot(&l.t());
        for (i, a) in rows.iter().enumerate() {
            for (j, b) in rows.iter().enumerate() {
                let plain: f32 =
                    a.iter().flat_map(|x| b.iter().filter(move |y| y.0 == x.0).map(move |y| x.1 * y.1)).sum();
                assert!((again[[i, j]] - f64::from(plain)).abs() < 1e-4, "{i} {j}");
            }
        }
    }

    #[test]
    fn weights_come_back() {
        let rows = rows();
        let l = coordinates(&rows, 4);
        let beta = Array1::from(vec![0.3, -1.0, 2.0, 0.1]);
        let w = back(&l, &beta, &rows, 4);
        // what the weights make of a row is what the coordinates made of it
        for (i, row) in rows.iter().enumerate() {
            let made: f64 = row.iter().map(|(c, v)| w[*c as usize] * f64::from(*v)).sum();
            assert!((made - l.row(i).dot(&beta)).abs() < 1e-3 * (1.0 + made.abs()), "{i}: {made}");
        }
    }
}
