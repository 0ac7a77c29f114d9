// node samples/programs/instruments.mjs: writes the exports in samples/instruments, all of one model
// profile, in each shape that xctrace has given stacks. There is no Mac behind them.
import { writeFileSync } from 'node:fs'
import { Export } from '../../bench/instruments.mjs'

const FOLDER = new URL('../instruments/', import.meta.url).pathname

/** Name, source file, line; of each an address. */
const SITES = [
  ['start', 0, 0],
  ['main', 0, 0],
  ['std::rt::lang_start_internal::h0c1d2e3f40516273', 1, 174],
  ['orders::main::h1b2c3d4e5f607182', 2, 12],
  ['orders::count_words::h2a3b4c5d6e7f8091', 2, 31],
  [
    '_$LT$alloc..vec..Vec$LT$T$C$A$GT$$u20$as$u20$core..clone..Clone$GT$::clone::h33445566778899aa',
    1,
    2900,
  ],
  ['_malloc_zone_malloc', 0, 0],
  ['orders::sum_squares::h4455667788990011', 2, 58],
].map(([name, file, line], i) => ({ name, file, line: line || 1, address: 0x1_0000_4000 + i * 64 }))

/** Leaf first, with how many milliseconds. */
const STACKS = [
  [[7, 3, 2, 1, 0], 21],
  [[4, 3, 2, 1, 0], 12],
  [[6, 5, 4, 3, 2, 1, 0], 9],
  [[5, 4, 3, 2, 1, 0], 6],
  [[3, 2, 1, 0], 2],
]

function write(file, shape, schema) {
  const document = new Export(shape, SITES, schema)
  let text = document.head()
  let row = 0
  for (let round = 0; round < 21; round++)
    for (const [number, [chain, times]] of STACKS.entries())
      if (round < times) {
        const ns = 57_246_708 + row * 1_000_083
        text += document.row(ns, row % 2, row % 10, number, chain)
        row++
      }
  writeFileSync(FOLDER + file, `${text}</node></trace-query-result>\n`)
}

write('time-profile-xcode14.2.xml', 'addresses')
write('time-profile-xcode14.3.xml', 'backtrace')
write('time-profile-xcode26.4.xml', 'tagged')
write('time-profile-xcode27.xml', 'tagged-flat')
write('time-sample.xml', 'kperf')
write('cpu-profile.xml', 'tagged', 'cpu-profile')
write('counters-profile.xml', 'backtrace', 'counters-profile')
