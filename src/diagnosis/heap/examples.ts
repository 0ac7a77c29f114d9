import type { Rule } from '../rule.ts'
import type { HeapRuleId } from './rules.ts'

/** For `explain`: each rule's code before and after. */
export const HEAP_EXAMPLES: Readonly<Record<HeapRuleId, NonNullable<Rule['example']>>> = {
  'unnecessary-clone': {
    before: 'fn weigh(rec: Record) -> u64 { rec.bytes.len() as u64 }\nweigh(rec.clone())',
    after: 'fn weigh(rec: &Record) -> u64 { rec.bytes.len() as u64 }\nweigh(&rec)',
  },
  'hot-clone': {
    before: 'for rec in &batch { send(rec.clone()) }',
    after: 'for rec in &batch { send(Arc::clone(rec)) } // batch: Vec<Arc<Record>>',
  },
  'dependency-alloc': {
    before: 'for row in reader.records() { add(row?) } // a StringRecord each',
    after: 'let mut row = StringRecord::new();\nwhile reader.read_record(&mut row)? { add(&row) }',
  },
  'format-in-loop': {
    before: 'for (name, n) in &rows { out.push_str(&format!("{name}: {n}\\n")) }',
    after: 'for (name, n) in &rows { writeln!(out, "{name}: {n}")? }',
  },
  'lines-alloc': {
    before: 'for line in reader.lines() { count(&line?) }',
    after:
      'let mut line = String::new();\nwhile reader.read_line(&mut line)? > 0 { count(&line); line.clear() }',
  },
  'temp-owned': {
    before: 'if map.contains_key(&word.to_string()) { … }',
    after: 'if map.contains_key(word) { … } // HashMap<String, _> is asked with &str',
  },
  'temp-collect': {
    before: 'let long: Vec<_> = words.iter().filter(|w| w.len() > 3).collect();\nlong.len()',
    after: 'words.iter().filter(|w| w.len() > 3).count()',
  },
  'short-lived': {
    before: 'for job in jobs { let mut buf = Vec::with_capacity(4096); fill(&mut buf, job) }',
    after:
      'let mut buf = Vec::with_capacity(4096);\nfor job in jobs { buf.clear(); fill(&mut buf, job) }',
  },
  'vec-growth': {
    before: 'let mut ids = Vec::new();\nfor row in &rows { ids.push(row.id) }',
    after: 'let mut ids = Vec::with_capacity(rows.len());\nfor row in &rows { ids.push(row.id) }',
  },
  'map-growth': {
    before: 'let mut seen = HashMap::new();\nfor row in &rows { seen.insert(row.id, row) }',
    after:
      'let mut seen = HashMap::with_capacity(rows.len());\nfor row in &rows { seen.insert(row.id, row) }',
  },
  'map-key-alloc': {
    before: '*counts.entry(word.to_string()).or_insert(0) += 1;',
    after:
      'match counts.get_mut(word) {\n    Some(n) => *n += 1,\n    None => { counts.insert(word.to_string(), 1); }\n}',
  },
  'tiny-blocks': {
    before: 'struct Tree { left: Option<Box<Tree>>, right: Option<Box<Tree>>, key: u32 }',
    after: 'struct Node { left: u32, right: u32, key: u32 } // in one Vec<Node>, rows for pointers',
  },
  'rc-churn': {
    before: "let names: Vec<Rc<str>> = text.split(' ').map(Rc::from).collect();",
    after: "let names: Vec<&str> = text.split(' ').collect(); // text lives longer",
  },
  'live-at-end': {
    before: 'cache.insert(key, page); // and nothing ever leaves it',
    after: 'if cache.len() == MOST { cache.pop_oldest(); }\ncache.insert(key, page);',
  },
  'peak-contributor': {
    before: 'let all: Vec<Row> = reader.rows().collect();\nfor row in all { write(row) }',
    after: 'for row in reader.rows() { write(row) } // one at a time',
  },
  'never-read': {
    before:
      'let mut log = Vec::new();\nfor job in jobs { log.push(job.describe()); run(job) } // log is dropped',
    after: 'for job in jobs { run(job) }',
  },
  'under-used': {
    before: 'let mut row = Vec::with_capacity(1 << 20); // of which a few hundred are used',
    after: 'let mut row = Vec::new(); // or with_capacity(expected), then shrink_to_fit()',
  },
  'high-access': {
    before:
      'struct Cell { name: String, notes: Vec<Note>, heat: f32 } // the loop needs heat alone',
    after: 'let heat: Vec<f32>; // what the loop reads lies together',
  },
  'alloc-rate': {
    before: 'fn key(a: u32, b: u32) -> String { format!("{a}-{b}") }',
    after: 'fn key(a: u32, b: u32) -> (u32, u32) { (a, b) }',
  },
  'big-memcpy': {
    before: 'enum Message { Ping, Frame([u8; 4096]) } // each move copies 4 KiB',
    after: 'enum Message { Ping, Frame(Box<[u8; 4096]>) }',
  },
}
