// GROUND TRUTH:
//   trackpoints::gpx::Writer::point -> float-format (shortest f64 text of two coordinates), 45-80 %
//   trackpoints::gpx::Writer::height -> float-format ({:.2}), 10-40 %
mod gpx {
    use std::fmt::Write;
    #[derive(Default)]
    pub struct Writer {
        pub text: String,
    }
    impl Writer {
        #[inline(never)]
        pub fn point(&mut self, lat: f64, lon: f64) {
            let _ = write!(self.text, "<trkpt lat=\"{lat}\" lon=\"{lon}\">");
        }
        #[inline(never)]
        pub fn height(&mut self, metres: f64) {
            let _ = write!(self.text, "<ele>{metres:.2}</ele></trkpt>\n");
        }
    }
}
mod walk {
    #[inline(never)]
    pub fn step(at: (f64, f64), n: u32) -> (f64, f64) {
        (at.0 + (n % 13) as f64 * 1.7e-5 - 9.1e-5, at.1 + (n % 7) as f64 * 2.3e-5 - 6.3e-5)
    }
}
fn main() {
    let mut writer = gpx::Writer::default();
    writer.text.reserve(8 << 20);
    let mut length = 0;
    let mut at = (46.523_457, 7.916_283);
    for day in 0..70u32 {
        writer.text.clear();
        for n in 0..60_000 {
            at = walk::step(at, n ^ day);
            writer.point(at.0, at.1);
            if n % 2 == 0 {
                writer.height(1200.0 + at.0 * 3.0);
            }
        }
        length += writer.text.len();
    }
    println!("{length}");
}
