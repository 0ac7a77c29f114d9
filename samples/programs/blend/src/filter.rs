//! Pixel filters: a generic per-pixel map and a median over a window.

/// Applies `f` to every pixel of every row, in place.
#[inline(never)]
pub fn apply<F>(rows: &mut [Vec<u8>], f: F)
where
    F: Fn(u8, usize) -> u8,
{
    for row in rows.iter_mut() {
        for (x, pixel) in row.iter_mut().enumerate() {
            *pixel = f(*pixel, x);
        }
    }
}

/// A shade curve with a bit of floating point per pixel. Returns the number of
/// pixels; without that the call below is a tail call and this frame is gone.
#[inline(never)]
pub fn gamma(rows: &mut [Vec<u8>], exponent: f64) -> usize {
    apply(rows, |pixel, x| {
        let value = (pixel as f64 + 0.5) / 256.0;
        let shade = value.powf(exponent) + (x as f64 * 0.001).sin() * 0.01;
        (shade * 255.0) as u8
    });
    rows.iter().map(Vec::len).sum()
}

#[derive(Clone, Copy)]
struct Sample {
    value: u8,
    weight: f32,
}

/// Weighted median: sorts the window around each sixth pixel with a comparator.
#[inline(never)]
pub fn median(rows: &[Vec<u8>]) -> Vec<u8> {
    let mut result = Vec::new();
    let mut window: Vec<Sample> = Vec::new();
    for row in rows {
        for x in (0..row.len()).step_by(6) {
            window.clear();
            for (i, &value) in row.iter().skip(x).take(48).enumerate() {
                window.push(Sample { value, weight: 1.0 / (1 + i) as f32 });
            }
            window.sort_by(|a, b| {
                a.value.cmp(&b.value).then_with(|| b.weight.total_cmp(&a.weight))
            });
            result.push(window[window.len() / 2].value);
        }
    }
    result
}
