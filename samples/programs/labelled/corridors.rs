// GROUND TRUTH (control): corridors::plan::reachable is one iterator chain that ends in a single collect. Its work is the
//   arithmetic in the chain's closures: own code, 70-99 %. Nobody may say collect-intermediate or linear-find.
mod plan {
    pub struct Room {
        pub x: u32,
        pub y: u32,
        pub doors: u32,
    }
    /// Travel effort between two rooms, by a few rounds of relaxation.
    fn effort(a: &Room, x: u32, y: u32) -> u32 {
        let mut cost = a.x.abs_diff(x) + a.y.abs_diff(y) * 3;
        for round in 1..24 {
            cost = (cost * 5 + a.doors * round) / 6 + (cost & round);
        }
        cost
    }
    #[inline(never)]
    pub fn reachable(rooms: &[Room], x: u32, y: u32) -> Vec<u32> {
        rooms
            .iter()
            .enumerate()
            .filter(|(n, room)| room.doors > 1 || n % 3 == 0)
            .map(|(n, room)| (n as u32, effort(room, x, y)))
            .filter(|(_, cost)| cost % 4 != 1)
            .map(|(n, cost)| n ^ cost)
            .collect()
    }
}
fn main() {
    let rooms: Vec<plan::Room> =
        (0..2000u32).map(|n| plan::Room { x: n * 7 % 211, y: n * 13 % 157, doors: n % 5 }).collect();
    let mut sum = 0u64;
    for start in 0..9000u32 {
        sum += plan::reachable(&rooms, start % 211, start % 157).last().copied().unwrap_or(0) as u64;
    }
    println!("{sum}");
}
