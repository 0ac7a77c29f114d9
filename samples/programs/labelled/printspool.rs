// GROUND TRUTH:
//   printspool::spool::Spool::next -> vec-front-shift (Vec::remove(0) moves the whole queue), 70-99 %
//   printspool::spool::Spool::push -> nothing to say
mod spool {
    pub struct Job {
        pub pages: u32,
        pub owner: u32,
        pub ready: u64,
    }
    #[derive(Default)]
    pub struct Spool {
        jobs: Vec<Job>,
    }
    impl Spool {
        #[inline(never)]
        pub fn push(&mut self, job: Job) {
            self.jobs.push(job);
        }
        #[inline(never)]
        pub fn next(&mut self) -> Option<Job> {
            if self.jobs.is_empty() { None } else { Some(self.jobs.remove(0)) }
        }
    }
}
#[inline(never)]
fn print(job: &spool::Job, meter: &mut [u64; 64]) {
    for page in 0..job.pages as u64 {
        let slot = &mut meter[(job.owner as u64 + page) as usize % 64];
        *slot = slot.wrapping_mul(31).wrapping_add(job.ready ^ page);
    }
}
fn main() {
    let mut spool = spool::Spool::default();
    let mut meter = [1u64; 64];
    for n in 0..9000u32 {
        spool.push(spool::Job { pages: n % 60, owner: n * 13, ready: n as u64 });
    }
    for n in 0..340_000u32 {
        if let Some(job) = spool.next() {
            print(&job, &mut meter);
            spool.push(spool::Job { pages: n % 40, owner: job.owner + 1, ready: job.ready + 9 });
        }
    }
    println!("{:?}", meter[7]);
}
