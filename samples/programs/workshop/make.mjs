// node make.mjs before|after|touched DIR: a workspace of small crates that take cargo a few seconds, as it was
// before somebody looked after its build time, and after. Standard library only; the code is types that derive.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [state, root] = process.argv.slice(2)
const isBefore = state === 'before'

const write = (path, text) => {
  const file = join(root, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
}

/** `count` types and a function over each: what the compiler spends its time on. */
const types = (count) =>
  Array.from(
    { length: count },
    (_, i) => `
#[derive(Debug, Clone, PartialEq, PartialOrd, Default, Hash, Eq, Ord)]
pub struct Part${i} { pub name: String, pub sizes: Vec<u32>, pub label: Option<String> }
pub fn assemble_${i}(parts: &[Part${i}]) -> Vec<Part${i}> {
    let mut sorted = parts.to_vec();
    sorted.sort();
    sorted.dedup();
    sorted
}`,
  ).join('\n')

const crate = (folder, { name = folder, version = '0.1.0', features = [], needs = '', code }) => {
  const listed = features.map((feature) => `${feature} = []\n`).join('')
  write(
    `${folder}/Cargo.toml`,
    `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n\n[features]\n${listed}\n[dependencies]\n${needs}`,
  )
  write(`${folder}/src/lib.rs`, code)
}

const gated = (feature, count) => `#[cfg(feature = "${feature}")]\npub mod ${feature} {${types(count)}\n}\n`

crate('gears', {
  features: ['teeth', 'chains', 'belts'],
  code: gated('teeth', 40) + gated('chains', 120) + gated('belts', 120),
})
crate('bolts', { version: '2.0.1', code: types(60) })
if (isBefore) crate('bolts-old', { name: 'bolts', version: '1.4.0', code: types(60) })
if (isBefore) crate('varnish', { code: types(150) })
crate('paint', {
  needs: `bolts = { path = "../${isBefore ? 'bolts-old' : 'bolts'}" }\n`,
  code: types(50),
})

const wanted = isBefore ? ['teeth', 'chains', 'belts'] : ['teeth']
write(
  'workshop/Cargo.toml',
  `[package]
name = "workshop"
version = "0.1.0"
edition = "2021"

[dependencies]
gears = { path = "../gears", features = ${JSON.stringify(wanted)} }
paint = { path = "../paint" }
bolts = { path = "../bolts" }
${isBefore ? 'varnish = { path = "../varnish" }\n' : ''}
[profile.dev]
debug = 1
`,
)
write('workshop/build.rs', 'fn main() { println!("cargo:rerun-if-changed=build.rs"); }\n')
write(
  'workshop/src/main.rs',
  `fn main() {\n    println!("{}", ${state === 'touched' ? '2' : '1'} + paint::assemble_0(&[]).len());\n}\n`,
)
