import { INLINED, JIT, KERNEL, UNRESOLVED } from '../src/model/profile.ts'

/** A call chain: `a` called `b`. */
export const CHAIN = '\t  20 b+0x1 (/bin/x)\n\t  10 a+0x1 (/bin/x)\n\n'
/** A sample whose event line begins with `prefix`. */
export const CLOCK = (prefix: string) =>
  `${prefix}  787.479303:    1003009 cpu-clock:ppp: \n${CHAIN}`

export interface EventCase {
  readonly name: string
  readonly text: string
  readonly stacks: Readonly<Record<string, number>>
  /** The measure to fold by, and its unit. */
  readonly event?: string
  readonly unit?: string
  readonly thread?: object
  readonly notes?: Readonly<Record<string, number>>
}

export const EVENTS: readonly EventCase[] = [
  {
    name: 'digits in a comm',
    text: CLOCK('worker 1 16246'),
    stacks: { 'worker 1;a;b': 1003009 },
    thread: { name: 'worker 1', tid: 16246 },
  },
  {
    name: 'colon, slash and bracket in a comm',
    text: CLOCK('kworker/0:1-[x] 9: 17'),
    stacks: { 'kworker/0:1-[x] 9:;a;b': 1003009 },
  },
  {
    name: 'pid/tid and cpu',
    text: CLOCK('npm i x 5/7 [001]'),
    stacks: { 'npm i x;a;b': 1003009 },
    thread: { name: 'npm i x', pid: 5, tid: 7 },
  },
  {
    name: '-F +misc',
    text: CLOCK('app 7 U    '),
    stacks: { 'app;a;b': 1003009 },
    thread: { name: 'app', tid: 7 },
  },
  { name: '-F -tid', text: CLOCK('a b'), stacks: { 'a b;a;b': 1003009 }, thread: { name: 'a b' } },
  {
    name: '-F -comm',
    text: CLOCK('31160'),
    stacks: { '31160;a;b': 1003009 },
    thread: { name: '31160', tid: 31160 },
  },
  {
    name: 'a comm that looks like an address',
    text: CLOCK('add 7').repeat(2),
    stacks: { 'add;a;b': 2006018 },
  },
  {
    name: '--ns',
    text: `app 7 812.856053855: 10 cycles: \n${CHAIN}`,
    stacks: { 'app;a;b': 10 },
    event: 'cycles',
    unit: 'cycles',
  },
  {
    name: 'without a period a sample weighs 1',
    text: `app 7 812.856053: cpu-clock:ppp: \n${CHAIN}`,
    stacks: { 'app;a;b': 1 },
    unit: 'count',
  },
  {
    name: 'padded columns of several events',
    text: `app 7   1.000000:          2      page-faults: \n${CHAIN}app 7   1.000001:    3367003        cpu-clock: \n${CHAIN}`,
    stacks: { 'app;a;b': 3367003 },
    unit: 'ns',
  },
  {
    name: 'two kinds of core',
    text: `app 7 1.000000: 10 cpu_core/cycles/P: \n${CHAIN}app 7 2.000000: 20 cpu_atom/cycles/: \n${CHAIN}`,
    stacks: { 'app;a;b': 30 },
    event: 'cycles',
    unit: 'cycles',
  },
  {
    name: 'a tracepoint and its fields',
    text: `swapper     0 [000]   819.207865: sched:sched_switch: prev_comm=perf ==> next_pid=18\n${CHAIN}`,
    stacks: { 'swapper;a;b': 1 },
    event: 'sched:sched_switch',
    unit: 'count',
  },
  {
    name: 'fields that look like an address',
    text: `app 7 [000]   819.207865: probe:x: (1843c20) \n${CHAIN}app 7 [000] 819.3: probe:x: add 5\n\n`,
    stacks: { 'app;a;b': 1, app: 1 },
    event: 'probe:x',
  },
  {
    name: 'no call graph: the frame is on the line',
    text: '     app 7   1.000000:    1003009 cpu-clock:ppp:      5636 a b+0x1 (/bin/x)\n     app 7   2.000000:    1003009 cpu-clock:ppp:  ffffffff82256067 c+0x7 ([kernel.kallsyms])\n',
    stacks: { 'app;a b': 1003009, 'app;c': 1003009 },
    unit: 'ns',
  },
  {
    name: '-F +brstack',
    text: 'app 7 1.000000: 9 cycles:      5636 a+0x1 (/bin/x)  0x5/0x6/P/-/-/0  0x7/0x8/P/-/-/0 \n',
    stacks: { 'app;a': 9 },
    event: 'cycles',
  },
  {
    name: 'perf mem',
    text: 'app 7 1.000000: 9 cycles:     7ffd1234 1068100842 |OP LOAD|LVL L1 hit|LCK No|BLK  N/A       0     55d51234 a+0x1 (/bin/x)\n',
    stacks: { 'app;a': 9 },
    event: 'cycles',
  },
  {
    name: '-F -time',
    text: `worker 1 16246    1003009 cpu-clock:ppp: \n${CHAIN}`,
    stacks: { 'worker 1;a;b': 1003009 },
    unit: 'ns',
    thread: { name: 'worker 1', tid: 16246 },
  },
  {
    name: '-F -time,-period',
    text: `worker 1 16246 cpu-clock:ppp: \n${CHAIN}`,
    stacks: { 'worker 1;a;b': 1 },
    unit: 'count',
  },
  {
    name: '-F -event',
    text: `app 7   812.856053:    1003009 \n${CHAIN}`,
    stacks: { 'app;a;b': 1003009 },
    event: 'weight',
    unit: 'unknown',
  },
  {
    name: '-F -event,-period',
    text: `app 7   812.856053: \n${CHAIN}`,
    stacks: { 'app;a;b': 1 },
    event: 'samples',
    unit: 'count',
  },
  {
    name: '-F ip,sym',
    text: `\n${CHAIN}\n${CHAIN}`,
    stacks: { 'a;b': 2 },
    event: 'samples',
    unit: 'count',
  },
  {
    name: '-F comm,ip,sym',
    text: `add x \n${CHAIN}`.repeat(2),
    stacks: { 'add x;a;b': 2 },
    event: 'samples',
  },
  {
    name: '-F ip,sym without a call graph',
    text: '     558491b3a152 hot_a\n     558491b3a153 hot_b\n',
    stacks: { hot_a: 1, hot_b: 1 },
    event: 'samples',
  },
  {
    name: 'a sample without frames',
    text: 'app 7   1.000000:         10 cpu-clock: \n\n',
    stacks: { app: 10 },
  },
  {
    name: 'no indentation',
    text: 'app 7   1.000000:         10 cpu-clock: \n20 b+0x1 (/bin/x)\n10 a+0x1 (/bin/x)\n\n',
    stacks: { 'app;a;b': 10 },
  },
  { name: 'CRLF', text: CLOCK('app 7').replaceAll('\n', '\r\n'), stacks: { 'app;a;b': 1003009 } },
  {
    name: 'the program wrote first',
    text: `total: 5\n\tdone 7\n[ perf record: Woken up 2 times to write data ]\n${CLOCK('app 7')}`,
    stacks: { 'app;a;b': 1003009 },
    notes: { preface: 2 },
  },
  {
    name: 'lost events',
    text: `Processed 1957 events and lost 1 chunks!\n\nCheck IO/CPU overload!\n\n${CLOCK('app 7')}`,
    stacks: { 'app;a;b': 1003009 },
    notes: { 'lost-events': 1 },
  },
  {
    name: 'a line in between',
    text: `${CLOCK('app 7').repeat(9)}warp drive failed\n${CLOCK('app 7')}`,
    stacks: { 'app;a;b': 10030090 },
    notes: { 'malformed-line': 1 },
  },
  {
    name: 'an event line that is damaged',
    text: `${CLOCK('app 7').repeat(9)}app 7 \u0000.4: cpu\n${CHAIN}`,
    stacks: { 'app;a;b': 9027081 },
    notes: { 'malformed-line': 1, 'frames-without-event': 2 },
  },
  {
    name: '--deltatime, or two recordings',
    text: CLOCK('app 7') + CLOCK('app 7').replace('787.', '786.'),
    stacks: { 'app;a;b': 2006018 },
    notes: { 'times-out-of-order': 1 },
  },
  {
    name: 'cut behind a line',
    text: CLOCK('app 7') + CLOCK('app 7').slice(0, -1),
    stacks: { 'app;a;b': 2006018 },
    notes: { 'open-end': 1 },
  },
]

export interface Shown {
  readonly flags: number
  readonly line?: number
  readonly file?: string
  readonly module?: string
  readonly path?: string
}

const X = { module: 'x', path: '/bin/x' }

/** A frame line, the name of its function, and what else is known of it. */
export const FRAMES: readonly (readonly [line: string, name: string, shown: Shown])[] = [
  ['10 foo::bar+0x1f (/tmp/x (deleted))', 'foo::bar', { flags: 0, module: 'x', path: '/tmp/x' }],
  [
    '10 foo::baz+0x2 (/home/me/my dir/bin)',
    'foo::baz',
    { flags: 0, module: 'bin', path: '/home/me/my dir/bin' },
  ],
  ['10 bar (deleted) (/bin/x (deleted))', 'bar (deleted)', { flags: 0, ...X }],
  [
    '10 foo::<fn(u32) -> u64, &str>+0x1 (/bin/x)',
    'foo::<fn(u32) -> u64, &str>',
    { flags: 0, ...X },
  ],
  [
    '10 (anonymous namespace)::f(int (*)(char)) (/bin/x)',
    '(anonymous namespace)::f(int (*)(char))',
    { flags: 0, ...X },
  ],
  ['10 f<[u8; 8]>+0x1 (/bin/x)', 'f<[u8; 8]>', { flags: 0, ...X }],
  [
    '10 <dyn core::ops::Fn() -> i32 as X>::call+0x2 (inlined)',
    '<dyn core::ops::Fn() -> i32 as X>::call',
    { flags: INLINED },
  ],
  ['ffffffff81351234 mutex_lock+0x2 (inlined)', 'mutex_lock', { flags: INLINED | KERNEL }],
  [
    'ffffffff81351234 start_kernel+0x2 ([kernel.kallsyms].init.text)',
    'start_kernel',
    { flags: KERNEL, module: '[kernel.kallsyms]' },
  ],
  ['ffffffffc0351234 ext4_map+0x2 ([ext4])', 'ext4_map', { flags: KERNEL, module: '[ext4]' }],
  [
    '7ffd1234 __vdso_clock_gettime+0x2 ([vdso])',
    '__vdso_clock_gettime',
    { flags: 0, module: '[vdso]' },
  ],
  [
    '7f12 [unknown] (/usr/lib/libc.so.6)',
    '[libc.so.6]',
    { flags: UNRESOLVED, module: 'libc.so.6', path: '/usr/lib/libc.so.6' },
  ],
  [
    '7f12  (/usr/lib/libc.so.6)',
    '[libc.so.6]',
    { flags: UNRESOLVED, module: 'libc.so.6', path: '/usr/lib/libc.so.6' },
  ],
  ['7f12 (/bin/x)', '[x]', { flags: UNRESOLVED, ...X }],
  ['7ffd [unknown] ([vdso])', '[vdso]', { flags: UNRESOLVED, module: '[vdso]' }],
  ['0 [unknown] ([unknown])', '[unknown]', { flags: UNRESOLVED }],
  [
    '7f12 run (/tmp/perf-4711.map)',
    'run',
    { flags: JIT, module: 'perf-4711.map', path: '/tmp/perf-4711.map' },
  ],
  [
    '7f12 run+0x1 (/tmp/jitted-4711-3.so)',
    'run',
    { flags: JIT, module: 'jitted-4711-3.so', path: '/tmp/jitted-4711-3.so' },
  ],
  ['7f12 run+0x1 (/bin/x+0x4711)', 'run', { flags: 0, ...X }],
  ['7f12 run', 'run', { flags: 0 }],
  [
    '10 run+0x1 (/bin/x)\n  src/hot.rs:131',
    'run',
    { flags: 0, ...X, file: 'src/hot.rs', line: 131 },
  ],
  ['10 run+0x1\n  hot.rs:0 (inlined)', 'run', { flags: INLINED, file: 'hot.rs' }],
  ['10 run+0x1 (/bin/x)\n  ??:0', 'run', { flags: 0, ...X }],
  ['10 run+0x1 (/bin/x)\n  x[4711]', 'run', { flags: 0, ...X }],
]
