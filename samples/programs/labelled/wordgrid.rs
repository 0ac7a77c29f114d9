// GROUND TRUTH:
//   wordgrid::grid::Grid::letter -> chars-nth (rows are Strings and every letter is row.chars().nth(x)), 55-95 %.
//     Inlined into wordgrid::grid::Grid::count, which may be named instead.
mod grid {
    pub struct Grid {
        rows: Vec<String>,
    }
    impl Grid {
        pub fn new(side: usize) -> Self {
            let letter = |n: usize| char::from_u32("aåbcdeéfgö".chars().nth(n % 10).map_or(97, |c| c as u32)).unwrap();
            Self { rows: (0..side).map(|y| (0..side).map(|x| letter(x * 7 + y * 3 + x * y)).collect()).collect() }
        }
        fn letter(&self, x: usize, y: usize) -> Option<char> {
            self.rows.get(y)?.chars().nth(x)
        }
        /// How often the word stands in the grid, to the right and downwards.
        #[inline(never)]
        pub fn count(&self, word: &[char]) -> usize {
            let mut found = 0;
            for y in 0..self.rows.len() {
                for x in 0..self.rows.len() {
                    found += (0..word.len()).all(|n| self.letter(x + n, y) == Some(word[n])) as usize;
                    found += (0..word.len()).all(|n| self.letter(x, y + n) == Some(word[n])) as usize;
                }
            }
            found
        }
    }
}
fn main() {
    let grid = grid::Grid::new(220);
    let words: Vec<Vec<char>> = ["geå", "öda", "fé", "cab", "edö"].iter().map(|w| w.chars().collect()).collect();
    let mut total = 0;
    for _ in 0..22 {
        for word in &words {
            total += grid.count(std::hint::black_box(word));
        }
    }
    println!("{total}");
}
