// GROUND TRUTH (control): 36 small stations, each with its own arithmetic and a share of 1 to 5 %; none reaches 5 %.
//   flat-profile is the honest answer. No function may be called a hot path with a cause.
mod stations {
    macro_rules! stations {
        ($($name:ident: $rounds:literal, $step:expr;)*) => {
            $(#[inline(never)]
            pub fn $name(sky: &mut [u32; 32]) {
                let step: fn(u32, u32) -> u32 = $step;
                for _ in 0..$rounds {
                    for n in 0..32 {
                        sky[n] = step(sky[n], sky[(n + 5) & 31]);
                    }
                }
            })*
            pub const ALL: &[fn(&mut [u32; 32])] = &[$($name),*];
        };
    }
    stations! {
        bergen: 9, |a, b| a.rotate_left(5) ^ b; lund: 3, |a, b| a.wrapping_mul(31) ^ (b >> 3);
        turku: 9, |a, b| a.wrapping_add(b) ^ 0x55; riga: 4, |a, b| (a ^ b).wrapping_mul(17);
        visby: 3, |a, b| a.max(b).wrapping_sub(b >> 1); kiruna: 9, |a, b| a.wrapping_sub(b).rotate_right(9);
        vaasa: 3, |a, b| (a & !b).wrapping_add(b << 2); narvik: 3, |a, b| a.min(b) ^ a.rotate_left(1);
        tartu: 6, |a, b| a.wrapping_mul(b | 1); oulu: 4, |a, b| a ^ (b >> 7) ^ (b << 3);
        gavle: 6, |a, b| a.wrapping_add(b.rotate_left(13)); parnu: 4, |a, b| (a | 9).wrapping_sub(b & 0xff);
        arvika: 4, |a, b| a.rotate_left(b & 7) ^ 3; molde: 9, |a, b| a.wrapping_mul(0x9E37) ^ b;
        borga: 3, |a, b| (a >> 1) ^ (b & 1).wrapping_mul(0xEDB8); kotka: 3, |a, b| a.abs_diff(b) ^ (a << 1);
        hamar: 12, |a, b| a.wrapping_add(b.swap_bytes()); lahti: 3, |a, b| !a ^ b.wrapping_mul(5);
        skara: 9, |a, b| a.wrapping_add(a ^ b); lulea: 5, |a, b| (a ^ 0xA5A5).wrapping_add(b >> 2);
        falun: 4, |a, b| a.rotate_right(3).wrapping_mul(3) ^ b; alta: 4, |a, b| (a & b) ^ a.wrapping_mul(7);
        umea: 12, |a, b| a.wrapping_sub(b << 5); kemi: 9, |a, b| (a | b).rotate_left(11);
        ystad: 4, |a, b| a.wrapping_mul(13).wrapping_sub(b); rauma: 6, |a, b| a ^ b.rotate_right(6);
        mora: 25, |a, b| a.wrapping_add(b | 0x10); vardo: 3, |a, b| a.max(b >> 1) ^ (b << 1);
        sveg: 4, |a, b| (a << 3).wrapping_sub(a) ^ b; hanko: 4, |a, b| a.wrapping_mul(b.rotate_left(2) | 1);
        ulvila: 6, |a, b| (a ^ b).rotate_left(17); bodo: 9, |a, b| a.wrapping_add(b).wrapping_mul(9);
        salo: 4, |a, b| a.min(!b).wrapping_add(b); tromso: 4, |a, b| (a >> 3).wrapping_add(b ^ a);
        kalmar: 3, |a, b| a.wrapping_mul(29) ^ b.wrapping_mul(5); loviisa: 9, |a, b| a.rotate_left(9).wrapping_sub(b);
    }
}
fn main() {
    let mut sky: [u32; 32] = std::array::from_fn(|n| n as u32 * 77 + 1);
    for _ in 0..260_000 {
        for station in stations::ALL {
            station(&mut sky);
        }
    }
    println!("{}", sky.iter().fold(0u32, |sum, s| sum ^ s));
}
