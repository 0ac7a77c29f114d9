// GROUND TRUTH:
//   fares::pricing::price_all -> dyn-dispatch (six small implementations behind Box<dyn Surcharge> in shuffled
//     order: one indirect call per item and rule), the implementations together 40-90 %, each at least 1 %
mod pricing {
    pub struct Trip {
        pub km: u32,
        pub hour: u32,
        pub bags: u32,
    }
    pub trait Surcharge {
        fn cents(&self, trip: &Trip) -> u32;
    }
    pub struct Night(pub u32);
    pub struct Distance(pub u32);
    pub struct Luggage(pub u32);
    pub struct Airport(pub u32);
    pub struct Rounded(pub u32);
    pub struct Weekly([u32; 7]);
    impl Weekly {
        pub fn new(base: u32) -> Self {
            Self(std::array::from_fn(|day| base + day as u32))
        }
    }
    impl Surcharge for Night {
        fn cents(&self, trip: &Trip) -> u32 {
            if trip.hour < 6 || trip.hour > 22 { self.0 + trip.km / 3 } else { 0 }
        }
    }
    impl Surcharge for Distance {
        fn cents(&self, trip: &Trip) -> u32 {
            (trip.km * self.0) / 7 + (trip.km * trip.km) / 90
        }
    }
    impl Surcharge for Luggage {
        fn cents(&self, trip: &Trip) -> u32 {
            (0..trip.bags).map(|bag| self.0 + bag * 5).sum()
        }
    }
    impl Surcharge for Airport {
        fn cents(&self, trip: &Trip) -> u32 {
            if trip.km % self.0 == 0 { 450 } else { trip.hour }
        }
    }
    impl Surcharge for Rounded {
        fn cents(&self, trip: &Trip) -> u32 {
            (trip.km + trip.bags * 11).next_multiple_of(self.0)
        }
    }
    impl Surcharge for Weekly {
        fn cents(&self, trip: &Trip) -> u32 {
            self.0[(trip.hour * 3 + trip.km) as usize % 7]
        }
    }
    #[inline(never)]
    pub fn price_all(rules: &[Box<dyn Surcharge>], trips: &[Trip]) -> u64 {
        trips.iter().map(|trip| rules.iter().map(|rule| rule.cents(trip) as u64).sum::<u64>()).sum()
    }
}
use pricing::*;
fn main() {
    let rules: Vec<Box<dyn Surcharge>> = (0..48u32)
        .map(|n| match n * 37 % 53 % 6 {
            0 => Box::new(Night(n + 3)) as Box<dyn Surcharge>,
            1 => Box::new(Distance(n + 11)),
            2 => Box::new(Luggage(n)),
            3 => Box::new(Airport(n % 9 + 2)),
            4 => Box::new(Rounded(n % 13 + 5)),
            _ => Box::new(Weekly::new(n)),
        })
        .collect();
    let trips: Vec<Trip> = (0..4000u32).map(|n| Trip { km: n * 17 % 61, hour: n * 5 % 24, bags: n % 4 }).collect();
    println!("{}", (0..1500).map(|_| price_all(&rules, std::hint::black_box(&trips))).sum::<u64>());
}
