// GROUND TRUTH:
//   turngate::gate::Gate::pass -> logging-hot (two log lines for every person, env_logger), 70-98 %
//   turngate::gate::Gate::sum -> own code, 1-25 %
mod gate {
    pub struct Gate {
        pub name: &'static str,
        pub count: u64,
    }
    impl Gate {
        #[inline(never)]
        pub fn pass(&mut self, ticket: u64) -> bool {
            let allowed = ticket % 11 != 0;
            log::info!("ticket {ticket:08x} presented at gate {}", self.name);
            if allowed {
                self.count += 1;
                log::debug!(target: "doors", "open, {} inside", self.count);
            }
            allowed
        }
        #[inline(never)]
        pub fn sum(&self, ticket: u64) -> u64 {
            (1..48).fold(ticket | 1, |sum, n| sum.rotate_left(n) ^ (sum / (n as u64 | 3)))
        }
    }
}
fn main() {
    env_logger::Builder::new()
        .filter_level(log::LevelFilter::Debug)
        .target(env_logger::Target::Pipe(Box::new(std::io::sink())))
        .init();
    let mut gates = [gate::Gate { name: "north", count: 0 }, gate::Gate { name: "harbour", count: 0 }];
    let mut mixed = 0u64;
    for ticket in 0..520_000u64 {
        let gate = &mut gates[(ticket & 1) as usize];
        if gate.pass(ticket.wrapping_mul(0x9E37_79B9)) {
            mixed ^= gate.sum(ticket);
        }
    }
    println!("{} {mixed}", gates[0].count);
}
