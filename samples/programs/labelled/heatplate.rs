// GROUND TRUTH:
//   heatplate::plate::Plate::settle -> bounds-index (every neighbour through Vec<Vec<f64>> indices that the compiler
//     cannot prove; the share holds the loads too, so never more than a hint), 10-90 %
//   heatplate::plate::Plate::hottest -> own code, below 5 %
mod plate {
    pub struct Plate {
        cells: Vec<Vec<f64>>,
        links: Vec<[usize; 4]>,
    }
    impl Plate {
        pub fn square(side: usize) -> Self {
            let cells = (0..side).map(|y| (0..side).map(|x| ((x * 31 + y * 17) % 101) as f64).collect()).collect();
            let links = (0..side)
                .map(|n| [n.saturating_sub(1), (n + 1) % side, (n * 7 + 3) % side, (n * 5 + 1) % side])
                .collect();
            Self { cells, links }
        }
        #[inline(never)]
        pub fn settle(&mut self, passes: usize) {
            for _ in 0..passes {
                for y in 0..self.cells.len() {
                    for x in 0..self.cells[y].len() {
                        let [up, down, far, near] = self.links[y];
                        let sum = self.cells[up][x] + self.cells[down][x];
                        let jump = self.cells[far][self.links[x][2]] + self.cells[near][self.links[x][3]];
                        self.cells[y][x] = 0.6 * self.cells[y][x] + 0.15 * sum + 0.05 * jump;
                    }
                }
            }
        }
        #[inline(never)]
        pub fn hottest(&self) -> f64 {
            self.cells.iter().flatten().fold(f64::MIN, |best, &cell| if cell > best { cell } else { best })
        }
    }
}
fn main() {
    let mut plate = plate::Plate::square(384);
    let mut top = 0.0;
    for _ in 0..480 {
        plate.settle(4);
        top += plate.hottest();
    }
    println!("{top:.3}");
}
