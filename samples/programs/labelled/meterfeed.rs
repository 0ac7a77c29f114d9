// GROUND TRUTH:
//   meterfeed::feed::reading -> json-dom (each message becomes a serde_json::Value of which three numbers are
//     used), 70-95 %, freeing it included
//   Nothing here is a BTreeMap lookup problem: the map is serde_json's.
mod feed {
    use serde_json::Value;
    pub struct Reading {
        pub kwh: f64,
        pub phase: u64,
        pub quality: u64,
    }
    #[inline(never)]
    pub fn reading(message: &str) -> Option<Reading> {
        let body: Value = serde_json::from_str(message).ok()?;
        Some(Reading {
            kwh: body["meter"]["energy"].as_f64()?,
            phase: body["meter"]["phase"].as_u64()?,
            quality: body["quality"].as_u64()?,
        })
    }
}
mod balance {
    use crate::feed::Reading;
    #[derive(Default)]
    pub struct Balance {
        pub phases: [f64; 3],
        pub poor: u64,
    }
    impl Balance {
        #[inline(never)]
        pub fn take(&mut self, reading: &Reading) {
            self.phases[reading.phase as usize % 3] += reading.kwh;
            self.poor += (reading.quality < 3) as u64;
        }
    }
}
fn message(n: u64) -> String {
    format!(
        r#"{{"id":"m-{n:05}","site":{{"name":"Substation {}","city":"Lund","tags":["north","v{}","rev \"b\""]}},"meter":{{"energy":{}.{},"phase":{},"serial":"SN{:08}","limits":[{},{},{}]}},"quality":{},"note":null,"valid":true}}"#,
        n % 40, n % 9, n % 977, n % 89, n % 3, n * 31, n, n + 7, n + 90, n % 11
    )
}
fn main() {
    let messages: Vec<String> = (0..3000).map(message).collect();
    let mut balance = balance::Balance::default();
    for _minute in 0..190 {
        for message in &messages {
            if let Some(reading) = feed::reading(message) {
                balance.take(&reading);
            }
        }
    }
    println!("{:?} {}", balance.phases, balance.poor);
}
