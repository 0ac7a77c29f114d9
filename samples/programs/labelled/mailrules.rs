// GROUND TRUTH:
//   mailrules::filter::Rule::applies -> regex-compile (the pattern is kept as text and compiled for every message),
//     75-98 %; the matching itself is a few percent
mod filter {
    pub struct Rule {
        pub subject: String,
        pub folder: &'static str,
    }
    impl Rule {
        #[inline(never)]
        pub fn applies(&self, subject: &str) -> bool {
            match regex::Regex::new(&self.subject) {
                Ok(pattern) => pattern.is_match(subject),
                Err(_) => false,
            }
        }
    }
    #[inline(never)]
    pub fn folder<'r>(rules: &'r [Rule], subject: &str) -> &'r str {
        rules.iter().find(|rule| rule.applies(subject)).map_or("inbox", |rule| rule.folder)
    }
}
fn main() {
    let rule = |subject: &str, folder| filter::Rule { subject: subject.to_string(), folder };
    let rules = [
        rule(r"(?i)\binvoice\b.*#\d{4,}", "bills"),
        rule(r"^\[[a-z-]+\] (?:RFC|PATCH)( v\d+)?", "lists"),
        rule(r"[Mm]eeting (?:on|at) \d{1,2}[:.]\d{2}", "calendar"),
    ];
    let subjects: Vec<String> = (0..220)
        .map(|n| match n % 4 {
            0 => format!("Your invoice for May, #{}", 40_000 + n),
            1 => format!("[kernel-dev] PATCH v{} page cache", n % 9),
            2 => format!("Meeting at {}:30 moved", n % 12 + 8),
            _ => format!("Hello again, no. {n}"),
        })
        .collect();
    let mut bills = 0;
    for _ in 0..10 {
        for subject in &subjects {
            bills += (filter::folder(&rules, subject) == "bills") as usize;
        }
    }
    println!("{bills}");
}
