// GROUND TRUTH:
//   sensorcsv::table::Table::row -> io-unbuffered-write (writeln! on a File: several write calls for each row),
//     75-99 %
//   sensorcsv::table::calibrate -> own code, below 15 %
mod table {
    use std::{fs::File, io::Write};
    pub struct Table {
        pub file: File,
    }
    impl Table {
        #[inline(never)]
        pub fn row(&mut self, at: u32, values: &[i32; 3]) -> std::io::Result<()> {
            writeln!(self.file, "{at};{};{};{}", values[0], values[1], values[2])
        }
    }
    #[inline(never)]
    pub fn calibrate(raw: u32) -> [i32; 3] {
        let mut values = [raw as i32 % 977, (raw >> 3) as i32 % 353, (raw >> 7) as i32 % 89];
        for n in 0..60 {
            let carry = values[n % 3] / (n as i32 + 2);
            values[(n + 1) % 3] = values[(n + 1) % 3].wrapping_add(carry ^ 5);
        }
        values
    }
}
fn main() -> std::io::Result<()> {
    let path = std::env::temp_dir().join("sensorcsv-output.csv");
    let mut table = table::Table { file: std::fs::File::create(&path)? };
    for at in 0..130_000u32 {
        table.row(at, &table::calibrate(at.wrapping_mul(2654435761)))?;
    }
    drop(table);
    std::fs::remove_file(path)
}
