#![no_std]
#![no_main]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

/// A leaf: it calls nothing, so that Windows needs no unwinding data for it.
#[no_mangle]
#[inline(never)]
pub extern "C" fn mix(rounds: u64) -> u64 {
    let mut sum = 1u64;
    let mut i = 0;
    while i < rounds {
        sum = sum.wrapping_mul(i | 1) ^ i;
        i += 1;
    }
    sum
}

#[no_mangle]
#[inline(never)]
pub extern "C" fn twice(rounds: u64) -> u64 {
    mix(rounds / 2) ^ mix(rounds)
}
