// GROUND TRUTH:
//   changelog::notes::Notes::newest_first -> string-concat-quadratic (the text so far is appended to every new entry
//     with +, so all of it is copied each time; memcpy, growth or page faults are what it looks like), 70-99 %
//   changelog::notes::entry -> own formatting, below 10 %
mod notes {
    pub struct Change {
        pub version: u32,
        pub title: String,
    }
    #[derive(Default)]
    pub struct Notes {
        text: String,
    }
    pub fn entry(change: &Change) -> String {
        format!("## 1.{}\n* {}", change.version, change.title)
    }
    impl Notes {
        #[inline(never)]
        pub fn newest_first(&mut self, changes: &[Change]) -> usize {
            for change in changes {
                self.text = entry(change) + "\n" + &self.text;
            }
            self.text.len()
        }
    }
}
fn main() {
    let changes: Vec<notes::Change> = (0..2600)
        .map(|n| notes::Change { version: n, title: format!("fix no. {n}: the {}th widget no longer flickers", n % 19) })
        .collect();
    let mut length = 0;
    for _ in 0..36 {
        length += notes::Notes::default().newest_first(&changes);
    }
    println!("{length}");
}
