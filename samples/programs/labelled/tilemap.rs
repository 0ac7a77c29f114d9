// GROUND TRUTH:
//   tilemap::paint::Painter::strip -> rc-arc-clone (an Arc<Style> is cloned and dropped for every cell, by three
//     threads on one counter; atomic-hot is the same thing), 60-98 %
mod paint {
    use std::sync::Arc;
    pub struct Style {
        pub weights: [u32; 16],
    }
    pub struct Cell {
        style: Arc<Style>,
        ground: u32,
    }
    impl Cell {
        fn shade(&self) -> u32 {
            self.ground.rotate_left(3) ^ self.style.weights[(self.ground & 15) as usize]
        }
    }
    pub struct Painter {
        pub style: Arc<Style>,
    }
    impl Painter {
        #[inline(never)]
        pub fn strip(&self, heights: &[u32], out: &mut [u32]) {
            for (pixel, &ground) in out.iter_mut().zip(heights) {
                let cell = std::hint::black_box(Cell { style: self.style.clone(), ground });
                *pixel = pixel.wrapping_add(cell.shade());
            }
        }
    }
    #[inline(never)]
    pub fn relief(heights: &mut [u32]) {
        for h in 1..heights.len() {
            heights[h] = heights[h].wrapping_add(heights[h - 1] >> 2) & 0xffff;
        }
    }
}
use std::{sync::Arc, thread};
fn main() {
    let style = Arc::new(paint::Style { weights: std::array::from_fn(|n| n as u32 * 77 + 5) });
    let crews: Vec<_> = (0..3u32)
        .map(|crew| {
            let painter = paint::Painter { style: Arc::clone(&style) };
            thread::spawn(move || {
                let mut heights: Vec<u32> = (0..4096).map(|n| n * 31 + crew).collect();
                let mut pixels = vec![0u32; heights.len()];
                for _frame in 0..9000 {
                    paint::relief(&mut heights);
                    painter.strip(&heights, &mut pixels);
                }
                pixels.iter().fold(0u32, |sum, p| sum ^ p)
            })
        })
        .collect();
    let mixed = crews.into_iter().map(|crew| crew.join().unwrap()).fold(0, |a, b| a ^ b);
    println!("{mixed}");
}
