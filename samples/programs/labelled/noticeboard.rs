// GROUND TRUTH (control): noticeboard::watch::Watch::hits compiles one Regex at the start and only asks is_match and
//   find, which the lazy DFA answers, 80-99 % in regex_automata. Nobody may say regex-compile or regex-slow-engine.
mod watch {
    use regex::Regex;
    pub struct Watch {
        pattern: Regex,
    }
    impl Watch {
        pub fn new(words: &str) -> Self {
            Self { pattern: Regex::new(words).unwrap() }
        }
        #[inline(never)]
        pub fn hits(&self, notices: &[String]) -> usize {
            notices.iter().filter(|text| self.pattern.is_match(text)).count()
        }
        #[inline(never)]
        pub fn first(&self, text: &str) -> usize {
            self.pattern.find(text).map_or(0, |found| found.start())
        }
    }
}
fn main() {
    let watch = watch::Watch::new(r"[a-z]+ed (?:bike|sofa|[0-9]+ chairs) (?:for|in) (?:sale|rent)[.!]");
    let notices: Vec<String> = (0..600u32)
        .map(|n| match n % 5 {
            0 => format!("Used tent and a dented bike for sale! Ask for no. {n}."),
            1 => format!("Lost: one grey cat, answers to the name of Fig{n}, last seen near the bakery."),
            2 => format!("We rented {n} chairs for the party and would like to return them."),
            3 => format!("Painted {n} chairs for rent. Painted {} chairs in sale.", n + 1),
            _ => format!("Choir practice moved to Thursday, room {}.", n % 9),
        })
        .collect();
    let mut total = 0;
    for _ in 0..14000 {
        total += watch.hits(&notices) + watch.first(&notices[77]);
    }
    println!("{total}");
}
