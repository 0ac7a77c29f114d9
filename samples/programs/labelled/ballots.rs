// GROUND TRUTH (control): ballots::count::round sorts a short list of candidates by an integer once a round: 5-8 % of the
//   CPU, below what is worth a word. Nobody may say sort-hot as a main cause, nor sort-in-loop. The time is in
//   ballots::count::transfer: own code, 85-95 %.
mod count {
    pub struct Candidate {
        pub id: u32,
        pub votes: u32,
    }
    /// Moves a share of the votes along the preferences.
    #[inline(never)]
    pub fn transfer(candidates: &mut [Candidate], preferences: &[u32]) {
        let field = candidates.len() as u32;
        for &preference in preferences {
            let first = (preference % field) as usize;
            let second = (preference / field % field) as usize;
            let moved = candidates[first].votes / 9 + (preference & 1);
            candidates[first].votes -= moved.min(candidates[first].votes);
            candidates[second].votes += moved;
        }
    }
    #[inline(never)]
    pub fn round(candidates: &mut [Candidate], preferences: &[u32]) -> u32 {
        transfer(candidates, preferences);
        candidates.sort_unstable_by_key(|candidate| candidate.votes);
        candidates[0].id
    }
}
fn main() {
    let mut candidates: Vec<count::Candidate> =
        (0..120).map(|id| count::Candidate { id, votes: id * 37 % 101 + 900 }).collect();
    let preferences: Vec<u32> = (0..3900u32).map(|n| n.wrapping_mul(2654435761) >> 7).collect();
    let mut eliminated = 0u64;
    for _ in 0..52_000 {
        eliminated += count::round(&mut candidates, &preferences) as u64;
    }
    println!("{eliminated}");
}
