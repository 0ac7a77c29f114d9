//! Every kind of Rust name that a profile can hold, small. `pairs.tsv` comes from this program:
//!
//!   rustc +nightly --edition 2024 -g -C opt-level=0 -C symbol-mangling-version=v0 zoo.rs -o zoo.v0
//!   rustc +nightly --edition 2024 -g -C opt-level=0 -Z unstable-options -C symbol-mangling-version=legacy zoo.rs -o zoo.legacy
//!   nm zoo.* | rustc-demangle 0.1.28, alternate form
#![feature(adt_const_params, unsized_const_params, never_type)]
#![allow(incomplete_features, non_snake_case, dead_code, uncommon_codepoints)]

use std::collections::{BTreeMap, HashMap, HashSet, LinkedList, VecDeque};
use std::fmt::{self, Debug, Display, Write as _};
use std::io::{BufRead, BufReader, Read, Write};
use std::marker::ConstParamTy;
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock, mpsc};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Animal { name: String, legs: Vec<u8> }

#[derive(Clone, Debug, PartialEq)]
enum Food { Nothing, Leaf(u32), Mixed { parts: Vec<Food>, salt: Option<f64> } }

#[derive(PartialEq, Eq, Clone, Copy, Debug, ConstParamTy)]
enum Level { Low, High(u8, bool), Named { weight: i16, letter: char } }

#[derive(PartialEq, Eq, Clone, Copy, Debug, ConstParamTy)]
struct Unit;

impl Drop for Animal { fn drop(&mut self) { self.legs.clear() } }
impl Display for Animal { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.name) } }
impl From<&Animal> for String { fn from(animal: &Animal) -> String { animal.name.clone() } }
impl From<Animal> for Vec<u8> { fn from(mut animal: Animal) -> Vec<u8> { std::mem::take(&mut animal.legs) } }
impl std::ops::Add<Animal> for f64 { type Output = f64; fn add(self, animal: Animal) -> f64 { self + animal.legs.len() as f64 } }
impl std::iter::Sum for Animal { fn sum<I: Iterator<Item = Animal>>(all: I) -> Animal { all.fold(Animal::default(), |mut a, b| { a.legs.extend(&b.legs); a }) } }
impl std::ops::Index<usize> for Animal { type Output = u8; fn index(&self, at: usize) -> &u8 { &self.legs[at] } }
impl Iterator for Animal { type Item = u8; fn next(&mut self) -> Option<u8> { self.legs.pop() } }

trait Codec { fn encode(&self) -> Vec<u8>; fn both(&self) -> usize { self.encode().len() * 2 } }
trait Feed<'a, T: ?Sized> { type Out; fn feed(&'a mut self, with: &'a T) -> Self::Out; }
impl Codec for Animal { fn encode(&self) -> Vec<u8> { self.name.bytes().chain(self.legs.iter().copied()).collect() } }
impl<T: Codec> Codec for [T] { fn encode(&self) -> Vec<u8> { self.iter().flat_map(|t| t.encode()).collect() } }
impl<A: Codec, B: Codec> Codec for (A, B) { fn encode(&self) -> Vec<u8> { [self.0.encode(), self.1.encode()].concat() } }
impl Codec for str { fn encode(&self) -> Vec<u8> { self.to_lowercase().into_bytes() } }
impl Codec for u32 { fn encode(&self) -> Vec<u8> { self.to_be_bytes().to_vec() } }
impl<T: Codec + ?Sized> Codec for &T { fn encode(&self) -> Vec<u8> { (**self).encode() } }
impl<T: Codec + ?Sized> Codec for Box<T> { fn encode(&self) -> Vec<u8> { (**self).encode() } }
impl Codec for dyn Display + Send { fn encode(&self) -> Vec<u8> { self.to_string().into_bytes() } }
impl Codec for fn(u8) -> u8 { fn encode(&self) -> Vec<u8> { vec![self(1)] } }
impl Codec for *const u8 { fn encode(&self) -> Vec<u8> { vec![self.is_null() as u8] } }
impl Codec for [u8; 4] { fn encode(&self) -> Vec<u8> { self.to_vec() } }
impl<'a, T: Debug + ?Sized> Feed<'a, T> for Food { type Out = String; fn feed(&'a mut self, with: &'a T) -> String { format!("{self:?}{with:?}") } }

struct Matrix<const R: usize, const C: i8>([[f32; 4]; 4]);
impl<const R: usize, const C: i8> Matrix<R, C> {
    const EDGE: usize = R;
    #[inline(never)] fn trace(&self) -> f32 { (0..R).map(|i| self.0[i][i] + C as f32).sum() }
}
#[inline(never)] fn consts<const B: bool, const C: char, const I: i64, const U: u128>() -> usize { std::hint::black_box((B as usize).wrapping_add(C as usize).wrapping_add(I as usize).wrapping_add(U as usize)) }
#[inline(never)] fn text<const S: &'static str>() -> usize { std::hint::black_box(S.len()) }
#[inline(never)] fn level<const L: Level>() -> Level { std::hint::black_box(L) }
#[inline(never)] fn unit<const U: Unit>() -> Unit { std::hint::black_box(U) }
#[inline(never)] fn array<const A: [u8; 3]>() -> u8 { std::hint::black_box(A[0]) }
#[inline(never)] fn tuple<const T: (u8, bool)>() -> u8 { std::hint::black_box(T.0) }
#[inline(never)] fn single<const T: (i8,)>() -> i8 { std::hint::black_box(T.0) }
#[inline(never)] fn reference<const R: &'static u8>() -> u8 { std::hint::black_box(*R) }

#[inline(never)] fn generic<T: Debug>(t: T) -> String { format!("{t:?}") }
#[inline(never)] fn called<F: for<'a> Fn(&'a str) -> &'a str>(f: F, text: &str) -> String { f(text).to_owned() }
#[inline(never)] fn typed<T: ?Sized>(_: std::marker::PhantomData<T>) -> usize { std::hint::black_box(std::any::type_name::<T>().len()) }
#[inline(never)] extern "C" fn callback(n: i32) -> i32 { n + 1 }
#[inline(never)] unsafe extern "system" fn system(n: i32) -> i32 { n - 1 }
#[inline(never)] fn stays<'a>(text: &'a str) -> &'a str { text.trim() }

mod størrelse {
    pub mod 数 { #[inline(never)] pub fn größe<T>(t: &[T]) -> usize { std::hint::black_box(t.len()) } }
    pub struct Ключ<T>(pub T);
    impl<T: Clone> Ключ<T> { #[inline(never)] pub fn значение(&self) -> T { self.0.clone() } }
}

fn nested() -> u32 {
    fn inner(n: u32) -> u32 { struct Local(u32); impl Local { fn get(&self) -> u32 { self.0 } } Local(n).get() }
    let outer = |n: u32| { let deep = move |m: u32| inner(m + n); deep(2) };
    static TABLE: std::sync::LazyLock<Vec<u32>> = std::sync::LazyLock::new(|| (0..9).map(|n| n * n).collect());
    outer(1) + TABLE[3]
}
macro_rules! twice { ($($name:ident)*) => { $( { fn $name() -> u32 { let f = || 7; std::hint::black_box(f()) } $name() } + )* 0 } }

async fn soon(n: u64) -> u64 { let inner = async move { n + 1 }; inner.await }
async fn handle(text: String) -> usize { let n = soon(text.len() as u64).await; (async || n as usize)().await }
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop { if let std::task::Poll::Ready(out) = future.as_mut().poll(&mut context) { return out } }
}

fn types() -> usize {
    use std::marker::PhantomData as P;
    typed(P::<(i8, i16, i32, i64, i128, isize)>) + typed(P::<(u8, u16, u32, u64, u128, usize)>) + typed(P::<(f32, f64, bool, char)>)
        + typed(P::<str>) + typed(P::<()>) + typed(P::<!>) + typed(P::<(u8,)>) + typed(P::<[u8]>) + typed(P::<[Animal; 7]>)
        + typed(P::<&'static mut Animal>) + typed(P::<*const *mut u8>) + typed(P::<fn()>) + typed(P::<fn(&u8, &mut str) -> Option<u8>>)
        + typed(P::<unsafe extern "C" fn(*const u8, ...) -> i32>) + typed(P::<extern "system" fn() -> !>) + typed(P::<for<'a, 'b> fn(&'a u8, &'b u8, &'a u8) -> &'b u8>)
        + typed(P::<for<'a> fn(for<'b> fn(&'a u8, &'b u8))>) + typed(P::<dyn Fn(u8) -> u8>) + typed(P::<dyn for<'a> Fn(&'a u8) -> &'a u8 + Send + Sync>)
        + typed(P::<dyn for<'a> Feed<'a, str, Out = u8>>) + typed(P::<dyn Iterator<Item = (u8, String)> + Send>) + typed(P::<Box<dyn Codec>>)
        + typed(P::<Matrix<3, -2>>) + typed(P::<Result<Vec<Option<Rc<str>>>, Box<dyn std::error::Error>>>) + typed(P::<<Vec<u8> as IntoIterator>::IntoIter>)
}

fn collections(animals: &[Animal]) -> usize {
    let mut by_name: HashMap<String, Vec<Animal>> = HashMap::new();
    for animal in animals { by_name.entry(animal.name.clone()).or_default().push(animal.clone()) }
    let sorted: BTreeMap<_, _> = by_name.iter().map(|(k, v)| (k.as_str(), v.len())).collect();
    let set: HashSet<&u8> = animals.iter().flat_map(|a| &a.legs).collect();
    let mut queue: VecDeque<_> = animals.iter().map(Animal::to_string).collect();
    queue.rotate_left(1);
    let list: LinkedList<_> = queue.drain(..).filter(|s| s.contains('a')).collect();
    let mut names: Vec<_> = list.iter().map(|s| s.replace("a", "b")).collect();
    names.sort_by(|a, b| b.cmp(a));
    names.sort_unstable();
    names.dedup();
    names.retain(|n| n.len() > 1);
    let found = names.iter().position(|n| n.ends_with("t")).unwrap_or(0) + usize::from(animals.contains(&animals[0]));
    let total: Animal = animals.iter().cloned().sum();
    sorted.len() + set.len() + found + total.count() + names.binary_search(&"bee".to_string()).unwrap_or_else(|at| at)
}

fn sharing() -> u64 {
    let shared = Arc::new(Mutex::new(0u64));
    let lock = Arc::new(RwLock::new(vec![Animal::default()]));
    let (send, receive) = mpsc::channel::<Box<dyn FnOnce() -> u64 + Send>>();
    let threads: Vec<_> = (0..2).map(|n| { let (shared, lock, send) = (shared.clone(), lock.clone(), send.clone());
        std::thread::spawn(move || { *shared.lock().unwrap() += n; lock.write().unwrap().push(Animal::default()); send.send(Box::new(move || n)).unwrap(); }) }).collect();
    drop(send);
    let sum: u64 = receive.iter().map(|job| job()).sum();
    for thread in threads { thread.join().unwrap() }
    thread_local! { static SEEN: std::cell::RefCell<Vec<u64>> = const { std::cell::RefCell::new(Vec::new()) } }
    SEEN.with_borrow_mut(|seen| seen.push(sum));
    sum + *shared.lock().unwrap() + lock.read().unwrap().len() as u64
}

fn reading() -> std::io::Result<usize> {
    let mut text = String::new();
    BufReader::new(std::fs::File::open("/proc/self/stat")?).take(64).read_to_string(&mut text)?;
    let parsed: Vec<f64> = BufReader::new(text.as_bytes()).lines().map_while(Result::ok).filter_map(|l| l.split(' ').next()?.parse().ok()).collect();
    write!(text, "{:08.3} {:>+5} {:#x}", parsed.iter().sum::<f64>(), -3, 255).unwrap();
    let caught = std::panic::catch_unwind(|| "12x".parse::<u8>().map_err(|e| e.to_string()));
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(parsed.len() + caught.is_ok() as usize)
}

fn main() {
    let animals: Vec<Animal> = ["ant", "bee", "cat"].iter().enumerate().map(|(n, name)| Animal { name: name.to_string(), legs: vec![4; n] }).collect();
    let foods = [Food::Nothing, Food::Leaf(1), Food::Mixed { parts: vec![Food::Nothing], salt: Some(0.5) }];
    let mut fed = foods[2].clone();
    let dynamic: Box<dyn Codec> = Box::new((animals[0].clone(), 7u32));
    let function: fn(u8) -> u8 = |n| n + 1;
    let display: &(dyn Display + Send) = &animals[1];
    println!("{}", dynamic.both() + animals[..].encode().len() + "Ant".encode().len() + function.encode().len() + display.encode().len() + (&raw const animals[0] as *const u8).encode().len() + [1u8, 2, 3, 4].encode().len());
    println!("{} {} {}", fed.feed("x"), called(stays, " a "), called(|s| s.trim_start(), " b"));
    println!("{} {:?} {:?} {:?}", text::<"hé\"llo\n">(), level::<{ Level::Low }>(), level::<{ Level::High(3, true) }>(), level::<{ Level::Named { weight: -4, letter: '\'' } }>());
    println!("{:?} {} {} {} {}", unit::<{ Unit }>(), array::<{ [1, 2, 3] }>(), tuple::<{ (1, false) }>(), single::<{ (-1,) }>(), reference::<{ &5 }>());
    println!("{} {}", consts::<true, 'ß', -9_000_000_000, 340282366920938463463374607431768211455>(), consts::<false, '\n', 0, 10>());
    println!("{} {} {}", Matrix::<3, -2>([[1.0; 4]; 4]).trace(), Matrix::<4, 1>([[2.0; 4]; 4]).trace(), Matrix::<3, -2>::EDGE);
    println!("{} {} {}", generic(&animals), generic((1u8, "x", [Some(2.5f32)])), generic(foods.to_vec()));
    println!("{} {} {:?}", størrelse::数::größe(&animals), størrelse::数::größe(&[0u8]), størrelse::Ключ(animals[0].clone()).значение());
    println!("{} {} {} {}", nested(), twice!(one two three), unsafe { system(callback(3)) }, types());
    println!("{} {} {}", block_on(handle("hello".into())), block_on(async { soon(1).await }), collections(&animals));
    println!("{} {:?} {}", sharing(), reading().ok(), 1.5 + animals[2].clone());
    println!("{} {:?} {:?}", String::from(&animals[0]), Vec::<u8>::from(animals[1].clone()), animals[0] < animals[1]);
    let boxed: Vec<Box<dyn FnMut(&mut u32) + '_>> = vec![Box::new(|n| *n += animals.len() as u32), Box::new(|n| *n *= 2)];
    println!("{}", boxed.into_iter().fold(1, |mut n, mut f| { f(&mut n); n }));
}
