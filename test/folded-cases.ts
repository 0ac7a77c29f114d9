/** Every hard line of folded stacks that we know of, and what is made of it. */
export interface FoldedCase {
  readonly name: string
  readonly text: string | Uint8Array
  /** Stack → weight of the (later) weight column. */
  readonly stacks?: Readonly<Record<string, number>>
  readonly notes?: Readonly<Record<string, number>>
  readonly damage?: 'damaged' | 'truncated'
  readonly error?: string
  readonly unit?: string
  readonly observations?: number
  readonly flags?: Readonly<Record<string, number>>
}

const utf16 = (text: string, bigEndian: boolean, mark: boolean) => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}
const latin = (text: string) => Buffer.from(text, 'latin1')

const INLINED = 1
const KERNEL = 2
const UNRESOLVED = 4
const JIT = 16

export const CASES: readonly FoldedCase[] = [
  { name: 'plain', text: 'a;b;c 5\na;b 3\n', stacks: { 'a;b;c': 5, 'a;b': 3 }, unit: 'count' },
  { name: 'CRLF', text: 'a;b;c 5\r\na;b 3\r\n', stacks: { 'a;b;c': 5, 'a;b': 3 } },
  { name: 'blanks at the end', text: 'a;b;c 5  \na;b 3\t\n', stacks: { 'a;b;c': 5, 'a;b': 3 } },
  { name: 'a tab before the weight', text: 'a;b;c\t5\na;b\t3\n', stacks: { 'a;b;c': 5, 'a;b': 3 } },
  {
    name: 'fractions',
    text: 'a;b;c 5.7\na;b 3.2\n',
    stacks: { 'a;b;c': 5.7, 'a;b': 3.2 },
    unit: 'unknown',
  },
  {
    name: 'no digit before the point',
    text: 'a;b;c .5\na;b 3\n',
    stacks: { 'a;b;c': 0.5, 'a;b': 3 },
  },
  { name: 'exponents', text: 'a;b;c 1e3\na;b 3\n', stacks: { 'a;b;c': 1000, 'a;b': 3 } },
  { name: 'plus', text: 'a;b;c +5\na;b 3\n', stacks: { 'a;b;c': 5, 'a;b': 3 } },
  {
    name: 'minus: only a difference has it',
    text: 'a;b;c -5\na;b 3\n',
    stacks: { 'a;b': 3 },
    notes: { 'malformed-line': 1 },
    damage: 'damaged',
  },
  {
    name: 'thousands',
    text: 'a;b 1,234\na;c 3\n',
    stacks: { 'a;c': 3 },
    notes: { 'malformed-line': 1 },
    damage: 'damaged',
  },
  { name: 'zero', text: 'a;b;c 0\na;b 3\n', stacks: { 'a;b;c': 0, 'a;b': 3 } },
  {
    name: 'two columns',
    text: 'a;b;c 5 8\na;b 3 1\n',
    stacks: { 'a;b;c': 8, 'a;b': 1 },
    notes: { 'two-columns': 1 },
  },
  {
    name: 'two columns, negative',
    text: 'a;b;c 5 8\na;b 3 -1\n',
    stacks: { 'a;b;c': 8, 'a;b': -1 },
    notes: { 'two-columns': 1 },
  },
  {
    name: 'two columns, one line of one',
    text: `${'a;b 5 8\n'.repeat(39)}a;c 3\n`,
    stacks: { 'a;b': 312, 'a;c': 3 },
    notes: { 'two-columns': 1, 'one-column': 1 },
  },
  {
    name: 'one line of two numbers among others',
    text: 'a;b;c 5 8\na;b 3\n',
    stacks: { 'a;b;c 5': 8, 'a;b': 3 },
  },
  {
    name: 'a name that ends in a number',
    text: 'a;operator 2 5\na;b 3\n',
    stacks: { 'a;operator 2': 5, 'a;b': 3 },
  },
  { name: 'comments', text: '# a 5\n#b 6\na;b 3\n', stacks: { 'a;b': 3 } },
  {
    name: 'a stack that begins with a hash',
    text: '#1;b 6\na;b 3\n',
    stacks: { '#1;b': 6, 'a;b': 3 },
  },
  { name: 'blank lines', text: '\n\na;b 3\n\n', stacks: { 'a;b': 3 } },
  {
    name: 'no stack before the weight',
    text: ' 7\na;b 3\n',
    stacks: { 'a;b': 3 },
    notes: { 'malformed-line': 1 },
    damage: 'damaged',
  },
  {
    name: 'empty frames',
    text: 'a;;b 5\n;c 2\na; 4\na;b 3\n',
    stacks: { 'a;b': 8, c: 2, a: 4 },
    notes: { 'empty-frame': 3 },
  },
  { name: 'UTF-8 mark', text: '\ufeffa;b 5\na;b 3\n', stacks: { 'a;b': 8 } },
  {
    name: 'UTF-16 little endian',
    text: utf16('a;b 5\na;b 3\n', false, true),
    stacks: { 'a;b': 8 },
  },
  { name: 'UTF-16 big endian', text: utf16('a;b 5\na;b 3\n', true, true), stacks: { 'a;b': 8 } },
  {
    name: 'UTF-16 without a mark',
    text: utf16('a;b 5\na;b 3\n', false, false),
    stacks: { 'a;b': 8 },
  },
  {
    name: 'not UTF-8',
    text: latin('a;\xff\xfeb 5\na;b 3\n'),
    stacks: { 'a;\ufffd\ufffdb': 5, 'a;b': 3 },
    notes: { 'not-utf8': 1 },
  },
  { name: 'a NUL in a name', text: 'a;b\0c 5\na;b 3\n', stacks: { 'a;b\0c': 5, 'a;b': 3 } },
  {
    name: 'over 2^53',
    text: 'a;b 18446744073709551615\na;c 9007199254740993\n',
    stacks: { 'a;b': 18446744073709552000, 'a;c': 9007199254740992 },
    notes: { 'huge-weight': 2 },
    unit: 'unknown',
  },
  {
    name: 'over 2^64: no line',
    text: 'a;b 1e400\na;c 99999999999999999999999\na;d 1e308\na;d 1e308\na;e 5\n',
    stacks: { 'a;e': 5 },
    notes: { 'malformed-line': 4 },
    damage: 'damaged',
  },
  { name: 'one stack twice', text: 'a;b 5\na;c 1\na;b 2\n', stacks: { 'a;b': 7, 'a;c': 1 } },
  {
    name: 'not sorted, a box split by the sort',
    text: 'foo 5\nfoo;bar 3\nfoo::baz;q 2\nfoo;zip 1\n',
    stacks: { foo: 5, 'foo;bar': 3, 'foo::baz;q': 2, 'foo;zip': 1 },
  },
  {
    name: 'blanks in names',
    text: '<A as B>::f;g<u8, u16> 5\nh i j 3\n',
    stacks: { '<A as B>::f;g<u8, u16>': 5, 'h i j': 3 },
  },
  {
    name: 'a semicolon in a name',
    text: 'f<[u8; 4]>::g;h 5\na;b 3\n',
    stacks: { 'f<[u8; 4]>::g;h': 5, 'a;b': 3 },
  },
  {
    name: 'a semicolon that a collapser replaced',
    text: 'f<[u8: 4]>::g;h 5\na;[T: N] 3\n',
    stacks: { 'f<[u8; 4]>::g;h': 5, 'a;[T; N]': 3 },
  },
  {
    name: 'an arrow in a name, cut as if it were Java inlining',
    text: 'a;foo::<fn(u32) ; u64, &str>_[i];b 5\na;c 1\n',
    stacks: { 'a;foo::<fn(u32) -> u64, &str>;b': 5, 'a;c': 1 },
  },
  {
    name: 'cut by stackcollapse-perf.pl',
    text: 'a;<core::result::Result< 5\na;< 2\n',
    stacks: { 'a;<core::result::Result<': 5, 'a;<': 2 },
  },
  {
    name: 'suffixes',
    text: 'a;b_[k] 5\na;b_[j] 2\na;c_[i] 1\na;d_[w] 1\n',
    stacks: { 'a;b': 7, 'a;c': 1, 'a;d': 1 },
    flags: { b: KERNEL | JIT, c: INLINED },
  },
  {
    name: 'separators and what has no symbol',
    text: 'a;-;b 5\na;--;c 2\na;[unknown] 1\na;0x7f00 1\na;[libc.so.6] 1\n',
    stacks: { 'a;-;b': 5, 'a;--;c': 2, 'a;[unknown]': 1, 'a;0x7f00': 1, 'a;[libc.so.6]': 1 },
    flags: { '[unknown]': UNRESOLVED, '0x7f00': UNRESOLVED, '[libc.so.6]': UNRESOLVED },
  },
  {
    name: 'names of threads in front',
    text: 'app;_start;main;app::main 7\nworker_1;clone3;start_thread;app::work 2\napp 1\n',
    stacks: { 'app;_start;main;app::main': 7, 'worker_1;clone3;start_thread;app::work': 2, app: 1 },
  },
  {
    name: 'no weight',
    text: 'a;b;c\na;b 3\n',
    stacks: { 'a;b': 3 },
    notes: { 'malformed-line': 1 },
    damage: 'damaged',
  },
  {
    name: 'one bad line in twenty',
    text: `${'a;b 3\n'.repeat(19)}a;b;c\n`,
    stacks: { 'a;b': 57 },
    notes: { 'malformed-line': 1 },
  },
  {
    name: 'cut within the last line',
    text: `${'a;b 3\n'.repeat(19)}a;b;c`,
    stacks: { 'a;b': 57 },
    notes: { 'malformed-line': 1 },
    damage: 'truncated',
  },
  { name: 'no line is a stack', text: 'a;b\nc;d\ne;f 1,2\n', error: 'UNRECOGNIZED' },
  { name: 'nothing', text: '', error: 'EMPTY' },
  {
    name: 'periods of a clock',
    text: 'a;b 2006018\na;c 1003009\na;d 3009027\na;e 1003009\n',
    stacks: { 'a;b': 2006018, 'a;c': 1003009, 'a;d': 3009027, 'a;e': 1003009 },
    unit: 'ns',
    observations: 7,
  },
  {
    name: 'round periods: a clock, or -c 1000000 of anything',
    text: 'a;b 2000000\na;c 1000000\na;d 3000000\na;e 1000000\n',
    unit: 'unknown',
    observations: 7,
  },
  { name: 'cycles', text: 'a;b 8123457\na;c 3999331\na;d 4001239\n', unit: 'unknown' },
  {
    name: 'bytes in pages',
    text: 'a;b 4096\na;c 8192\na;d 40960\na;e 12288\na;f 409600000\n',
    unit: 'unknown',
  },
  { name: 'counts', text: 'a;b 2\na;c 1\n', unit: 'count', observations: 3 },
]
