// GROUND TRUTH:
//   accesslog::lines::LineReader::referrer -> regex-slow-engine (captures on a pattern that is not one-pass:
//     bounded backtracker after the lazy DFA), 45-75 %
//   accesslog::archive::ArchiveReader::session -> regex-slow-engine (same kind of pattern over spans of
//     40 kB: too long for the backtracker, so PikeVM), 20-50 %
//   Both patterns are compiled once; nothing may be said about compiling.
mod lines {
    use regex::Regex;
    pub struct LineReader {
        pattern: Regex,
    }
    impl LineReader {
        pub fn new() -> Self {
            Self { pattern: Regex::new(r#"^(\S+) .*?"([A-Z]+) (.*?)\?.*" (\d+) .*?(\w+)\.(?:com|org)"#).unwrap() }
        }
        /// Host length, status and path length of one line.
        #[inline(never)]
        pub fn referrer(&self, line: &str) -> Option<(usize, u32, usize)> {
            let found = self.pattern.captures(line)?;
            Some((found[5].len(), found[4].parse().ok()?, found[3].len()))
        }
    }
}
mod archive {
    use regex::Regex;
    pub struct ArchiveReader {
        pattern: Regex,
    }
    impl ArchiveReader {
        pub fn new() -> Self {
            Self { pattern: Regex::new(r"(?s)session (\w+) opened(.*?)user=(\w+).*?session (\w+) closed").unwrap() }
        }
        #[inline(never)]
        pub fn session(&self, text: &str) -> usize {
            self.pattern.captures_iter(text).map(|m| m[2].len() + m[4].len()).sum()
        }
    }
}
fn sample_lines() -> Vec<String> {
    (0..400u32)
        .map(|n| {
            format!(
                "10.0.{}.{} - - [12/May] \"GET /shop/item{}?ref={} HTTP/1.1\" {} {} \"https://www.page{}.com/list\"",
                n % 200, n % 31, n * 7 % 977, n, 200 + n % 5, n * 37 % 9001, n % 43
            )
        })
        .collect()
}
fn sample_archive() -> String {
    let mut text = String::new();
    for session in 0..3 {
        text += &format!("session s{session} opened at noon\n");
        for row in 0..900 {
            text += &format!("row {row} of {session}: cart updated, total {}\n", row * 13 % 401);
        }
        text += &format!("user=u{session}\nsession s{session} closed\n");
    }
    text
}
fn main() {
    let (reader, archive) = (lines::LineReader::new(), archive::ArchiveReader::new());
    let (input, text) = (sample_lines(), sample_archive());
    let mut total = 0;
    for day in 0..600 {
        total += input.iter().filter_map(|line| reader.referrer(line)).map(|r| r.0 + r.2).sum::<usize>();
        if day % 16 == 0 {
            total += archive.session(&text);
        }
    }
    println!("{total}");
}
