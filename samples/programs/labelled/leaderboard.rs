// GROUND TRUTH:
//   leaderboard::table::Table::submit -> sort-hot (the whole table is sorted after every new result; sort-in-loop is
//     the same thing), 70-98 %, the comparator included
mod table {
    pub struct Entry {
        pub player: String,
        pub points: u32,
    }
    #[derive(Default)]
    pub struct Table {
        entries: Vec<Entry>,
    }
    impl Table {
        #[inline(never)]
        pub fn submit(&mut self, player: &str, points: u32) {
            match self.entries.iter().position(|e| e.points == points && e.player == player) {
                Some(known) => self.entries[known].points += 1,
                None => self.entries.push(Entry { player: player.to_string(), points }),
            }
            self.entries.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.player.cmp(&b.player)));
            self.entries.truncate(1500);
        }
        #[inline(never)]
        pub fn podium(&self) -> u32 {
            self.entries.iter().take(3).map(|e| e.points + e.player.len() as u32).sum()
        }
    }
}
fn main() {
    let names: Vec<String> = (0..700).map(|n| format!("player-{:03}-{}", n * 37 % 701, n % 10)).collect();
    let mut table = table::Table::default();
    let mut seed = 5u64;
    let mut best = 0u64;
    for n in 0..130_000usize {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        table.submit(&names[n % names.len()], (seed >> 40) as u32 % 4000);
        best += table.podium() as u64;
    }
    println!("{best}");
}
