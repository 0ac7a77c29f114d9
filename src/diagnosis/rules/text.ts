import type { Rule } from '../rule.ts'
import { any, INT, ITERATOR, method, words } from './frames.ts'

/** What is printed to goes on to the kernel: that is the writing's cost. */
const WRITTEN_OUT = words(String.raw`writev? entry_SYSCALL_64\w* do_syscall_64 el0_svc`)
const FLOAT = 'f(?:16|32|64|128)'
const SHOWN = String.raw`core::fmt::(?:Display|Debug|LowerExp|UpperExp|LowerHex|UpperHex|Binary|Octal)`
const SERDE = String.raw`serde(?:_core)?`

/** What 2.4 of the catalogue says about text and formats. */
export const TEXT: readonly Rule[] = [
  {
    id: 'utf8-validate',
    theme: 'text',
    tier: 'cause',
    title: 'UTF-8 validation',
    match: any(
      words(String.raw`core::str::converts::from_utf8\w* str::from_utf8(?:_mut)?
        core::str::validations::run_utf8_validation alloc::string::String::from_utf8(?:_lossy\w*)?
        core::str::lossy::\S+`),
      String.raw`^\{core::str::lossy::`,
    ),
    info: 0.03,
    warn: 0.1,
    confidence: 'high',
    issue: 'Bytes are validated as UTF-8',
    remedy:
      'stay with bytes (read_until(), &[u8], bstr) where the text is only split or compared, validate once and keep the &str, or use simdutf8',
    verify: 'record again with the input read as bytes',
    why: 'Every way from bytes to str checks each byte. Data that is split and compared does not need to be a str. One check of a whole buffer is cheaper than one a line.',
    example: {
      before: "let text = String::from_utf8_lossy(&chunk);\nlet n = text.split('\\n').count();",
      after: "let n = chunk.split(|b| *b == b'\\n').count();",
    },
    source: 'perf-book, I/O (reading lines as bytes); measured in research (6%)',
  },
  {
    id: 'str-case-fold',
    theme: 'text',
    tier: 'cause',
    title: 'case folding',
    match: any(
      words(String.raw`str::to_(?:lower|upper)case char::to_(?:lower|upper)case
        core::unicode::unicode_data::conversions::to_\w+ core::unicode::conversions::to_\w+`),
      method('core::char::To(?:Lower|Upper)case', ITERATOR, String.raw`\w+`),
    ),
    refines: ['linear-find', 'collect-intermediate'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'Text is case-folded (to_lowercase or to_uppercase)',
    remedy:
      'compare with eq_ignore_ascii_case(), fold each text once and keep it, use make_ascii_lowercase() in place, or unicase for Unicode',
    verify: 'cargo clippy -- -W clippy::manual_ignore_case_cmp',
    why: 'to_lowercase() allocates a new String and looks every character up in the Unicode tables. Comparing two texts that way does it for both on each comparison. ASCII texts need neither the tables nor the copy.',
    example: {
      before: 'if a.to_lowercase() == b.to_lowercase() { … }',
      after: 'if a.eq_ignore_ascii_case(b) { … }',
    },
    source: 'clippy manual_ignore_case_cmp; measured in research (8 to 19%)',
  },
  {
    id: 'str-replace',
    theme: 'text',
    tier: 'cause',
    title: 'replacing in strings',
    match: words('str::replacen?'),
    refines: ['collect-intermediate', 'linear-find'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'str::replace builds a new String per call',
    remedy:
      'go through the text once and push to a reused String, give replace() several characters at once, or use aho-corasick for many patterns',
    verify: 'cargo clippy -- -W clippy::collapsible_str_replace',
    why: 'Each replace() searches the whole text and builds a new String, also where nothing matches. A chain of them does that per pattern. Check with contains() or memchr first where matches are rare.',
    example: {
      before: 'let s = s.replace(\'\\t\', " ").replace(\'\\n\', " ");',
      after: "let s = s.replace(['\\t', '\\n'], \" \");",
    },
    source: 'clippy collapsible_str_replace; measured in research',
  },
  {
    id: 'str-search',
    theme: 'text',
    tier: 'cause',
    title: 'searching in strings',
    match: String.raw`^\{?core::str::pattern::(?:TwoWaySearcher|StrSearcher|CharSearcher|CharSliceSearcher|MultiCharEqSearcher|CharPredicateSearcher|Searcher|ReverseSearcher|simd_contains)\b(?!.*next_reject)`,
    info: 0.08,
    warn: 0.2,
    confidence: 'medium',
    issue: 'Strings are searched for characters or substrings',
    remedy:
      'keep a memchr::memmem::Finder for a fixed needle, use memchr for single bytes, aho-corasick for several needles, or matches!() for one char in a small set',
    verify: 'record again with memchr::memmem::Finder in place of find() or split()',
    why: "std's substring search prepares the needle on each call and goes on one byte at a time. memchr searches with SIMD and can keep the prepared needle. For short texts the difference is small.",
    example: {
      before: 'for line in lines { if line.contains("ERROR") { n += 1; } }',
      after:
        'let error = memmem::Finder::new("ERROR");\nfor line in lines { if error.find(line).is_some() { n += 1; } }',
    },
    source: 'diagnosis research 2.4; measured in research (22%)',
  },
  {
    id: 'float-format',
    theme: 'text',
    tier: 'cause',
    title: 'printing floats',
    match: any(
      String.raw`^\{?core::num::imp::flt2dec::|^core::fmt::float::`,
      method(FLOAT, SHOWN, 'fmt'),
    ),
    notThrough: WRITTEN_OUT,
    refines: ['format-alloc', 'fmt-machinery', 'to-owned'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'Floating-point numbers are turned into text',
    remedy:
      'use ryu for shortest output, print fixed decimals as scaled integers with itoa, or write binary numbers',
    verify: 'record again with ryu::Buffer::new().format(x)',
    why: 'std finds the shortest text that reads back as the same number and sends it through the formatting machinery. ryu does the first part faster and leaves the second out. Fixed decimals are integers with a point in them.',
    example: {
      before: 'write!(out, "{x}")?;',
      after: 'out.push_str(ryu::Buffer::new().format(x));',
    },
    source: 'ryu documentation; measured in research (72%)',
  },
  {
    id: 'float-parse',
    theme: 'text',
    tier: 'cause',
    title: 'parsing floats',
    match: any(
      String.raw`^\{?core::num::imp::dec2flt::`,
      method(FLOAT, 'core::str::traits::FromStr', 'from_str'),
    ),
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Text is parsed into floating-point numbers',
    remedy:
      'parse bytes with fast-float2 or lexical-core, read whole numbers as integers, or keep the data in a binary format',
    verify: 'record again with fast_float2::parse(bytes)',
    why: "std's parser is already a fast one (Eisel-Lemire), so other crates win a part, not all of it. Columns that hold whole numbers parse several times faster as integers. Data that is read often is cheaper in binary.",
    example: {
      before: 'let cents = field.parse::<f64>()? * 100.0;',
      after: 'let cents = fast_float2::parse::<f64, _>(bytes)? * 100.0; // or: whole cents as u64',
    },
    source: 'diagnosis research 2.4; measured in research (13%)',
  },
  {
    id: 'int-parse',
    theme: 'text',
    tier: 'cause',
    title: 'parsing integers',
    match: any(
      words(String.raw`${INT}::from_(?:str_radix|ascii|ascii_radix|ascii_bytes)
        core::num::from_(?:str_radix|ascii_radix)\w*`),
      method(INT, 'core::str::traits::FromStr', 'from_str'),
    ),
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Text is parsed into integers',
    remedy:
      'parse the bytes with atoi or lexical-core, which need no UTF-8 check, or parse each field once',
    verify: 'record again with atoi::atoi::<u64>(bytes)',
    why: 'parse() checks every digit and for overflow. That is little, and most of the cost around it is usually finding and validating the text. It matters where files of numbers are read.',
    example: {
      before: 'let n: u64 = std::str::from_utf8(field)?.parse()?;',
      after: 'let n: u64 = atoi::atoi(field).ok_or(BadNumber)?;',
    },
    source: 'diagnosis research 2.4; measured in research',
  },
  {
    id: 'int-format',
    theme: 'text',
    tier: 'cause',
    title: 'printing integers',
    match: any(
      method(INT, SHOWN, 'fmt'),
      words(String.raw`${INT}::_fmt(?:_inner)? core::fmt::num::\S+`),
    ),
    notThrough: WRITTEN_OUT,
    refines: ['to-owned', 'fmt-machinery'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Integers are turned into text',
    remedy: 'use itoa with a buffer on the stack and push_str() the result',
    verify: 'record again with itoa::Buffer::new().format(n)',
    why: 'to_string() and write! send integers through padding, sign and width checks. itoa writes the digits alone. For a few numbers a line it makes no difference.',
    example: {
      before: 'out.push_str(&n.to_string());',
      after: 'out.push_str(itoa::Buffer::new().format(n));',
    },
    source: 'itoa documentation; clippy format_in_format_args; measured in research',
  },
  {
    id: 'json-dom',
    theme: 'text',
    tier: 'cause',
    title: 'JSON as Value',
    match: any(
      method('serde_json::value::Value', `${SERDE}::de::Deserialize`, 'deserialize'),
      String.raw`^\{+serde_json::value::Value as ${SERDE}::de::Deserialize\}::deserialize::ValueVisitor as ${SERDE}::de::Visitor\}::visit_(?:map|seq)$`,
      method('serde_json::value::Value', 'core::str::traits::FromStr', 'from_str'),
    ),
    refines: ['serde-text', 'btree-lookup', 'hash-map-heavy'],
    info: 0.05,
    warn: 0.15,
    confidence: 'high',
    issue: 'JSON is parsed into serde_json::Value: a map, vector or String per node',
    remedy:
      'derive Deserialize for a struct with &str or Cow<str> fields, keep parts as RawValue, or parse with simd-json or sonic-rs',
    verify: 'record again with a typed struct for the fields that are read',
    why: 'A Value allocates every key, string, array and object, also those nobody reads. A struct takes the fields it names and skips the rest, and borrowed fields are not copied. Value is right for documents whose shape is unknown.',
    example: {
      before: 'let v: Value = serde_json::from_str(line)?;\nlet id = v["id"].as_u64();',
      after:
        "#[derive(Deserialize)]\nstruct Row<'a> { id: u64, #[serde(borrow)] name: Cow<'a, str> }\nlet row: Row = serde_json::from_str(line)?;",
    },
    source: 'serde_json documentation; measured in research (52% against 8% typed)',
  },
  {
    id: 'serde-text',
    theme: 'text',
    tier: 'cause',
    title: 'serialising text formats',
    match: any(
      String.raw`^\{?serde_json::(?:de|ser|read|iter)::`,
      method(
        String.raw`serde_json::\S+`,
        String.raw`${SERDE}::\S+|core::fmt::Display`,
        String.raw`\w+`,
      ),
      String.raw`^\{?(?:toml|toml_edit|toml_parser|toml_writer|basic_toml|serde_yaml|serde_yml|serde_norway|unsafe_libyaml|ron|json5|serde_urlencoded)::(?!.* as core::(?:clone|ops::drop)::)`,
      String.raw`^\{?quick_xml::(?:de|se)::|^\{?csv::(?:de)?serializer::`,
    ),
    refines: ['to-owned', 'format-alloc'],
    info: 0.15,
    warn: 0.35,
    confidence: 'medium',
    issue: 'Data is read or written as text (JSON, TOML, YAML)',
    remedy:
      'read with from_slice(), borrow strings (&str, Cow<str>), write to a reused buffer, or use a binary format (postcard, rkyv) inside the system',
    verify:
      'measure bytes per second, and compare with simd-json or a binary format on the same data',
    why: "Text formats are scanned byte by byte, and strings with escapes are copied. Between programs of one's own a binary format does neither. At the edges text is what others expect.",
    example: {
      before: 'let cfg: Config = serde_json::from_reader(File::open(path)?)?;',
      after:
        'let bytes = std::fs::read(path)?;\nlet cfg: Config = serde_json::from_slice(&bytes)?;',
    },
    source: 'serde_json documentation (from_reader, from_slice); measured in research',
  },
  {
    id: 'regex-compile',
    theme: 'text',
    tier: 'cause',
    title: 'compiling regexes',
    match: any(
      words(String.raw`
        regex::(?:re_unicode|re_bytes|regex::(?:string|bytes)|regexset::(?:string|bytes)|re_set::\w+)::Regex(?:Set)?::new
        regex::(?:builders|re_builder)::\S+ regex::exec::ExecBuilder::\S+ regex::literal::imp::LiteralSearcher::(?:new|prefixes|suffixes)
        regex_automata::meta::(?:regex::)?(?:Builder::\w+|Regex::new\w*)
        regex_automata::meta::strategy::new regex_automata::meta::strategy::\w+::new
        regex_automata::nfa::thompson::(?:builder|range_trie|map)::\S+
        regex_automata::(?:dfa|hybrid|nfa::thompson)::(?:\w+::)*(?:Internal)?Builder::\w+
        regex_automata::util::prefilter::(?:\w+::)*new
        regex_(?:lite|bites)::(?:\w+::)?Regex(?:Builder)?::(?:new|build) fancy_regex::(?:Regex::new|RegexBuilder::build|compile::\S+)`),
      String.raw`^\{?regex::compile::|^\{?regex_automata::nfa::thompson::(?:compiler|literal_trie)::|^\{?regex_automata::dfa::determinize::|^\{?regex_syntax::(?:ast|hir|parser|debug)::|^\{?regex_(?:lite|bites)::(?:hir|nfa)::`,
      method(
        String.raw`regex::\S+::Regex(?:Set)?`,
        'core::(?:str::traits::FromStr|convert::TryFrom)',
        'from_str|try_from',
      ),
    ),
    refines: ['linear-find'],
    info: 0.02,
    warn: 0.08,
    confidence: 'high',
    issue: 'Regexes are compiled while the program works',
    remedy:
      'compile each Regex once in a static LazyLock<Regex> (or OnceLock), or outside of the loop; use RegexSet for many patterns',
    verify:
      'cargo clippy -- -W clippy::regex_creation_in_loops; a longer run shows whether the share stays',
    why: 'Regex::new parses the pattern and builds automata, which takes as long as searching many kilobytes. Once per program that does not matter. In a long run it should be next to nothing.',
    example: {
      before: 'fn is_id(s: &str) -> bool {\n    Regex::new(r"^\\w+$").unwrap().is_match(s)\n}',
      after:
        'static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\\w+$").unwrap());\nfn is_id(s: &str) -> bool {\n    ID.is_match(s)\n}',
    },
    source:
      'regex documentation (performance); clippy regex_creation_in_loops; measured in research (83%)',
  },
  {
    id: 'regex-slow-engine',
    theme: 'text',
    tier: 'cause',
    title: 'slow regex engines',
    match: String.raw`^\{?(?:regex_automata::nfa::thompson::(?:backtrack|pikevm)|regex_automata::meta::wrappers::(?:BoundedBacktracker|PikeVM)\w*|regex::(?:pikevm|backtrack)|fancy_regex::vm|regex_lite::pikevm)::(?!(?:\w+::)*(?:Builder|Config|Cache)\b)(?!.*::new$)`,
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Regexes run in a slow engine (backtracking or PikeVM)',
    remedy:
      'ask is_match() or find() before captures(), anchor the pattern, use (?-u) for ASCII, and split patterns that capture everything',
    verify: 'record again with find() in place of captures()',
    why: 'The regex crate searches with a lazy DFA and needs slower engines for captures, Unicode word boundaries and look-around. Searching first and capturing only where there is a match keeps most of the text in the fast engine. Short texts do not show it.',
    example: {
      before: 'for line in lines {\n    if let Some(c) = re.captures(line) { … }\n}',
      after:
        'for line in lines {\n    if re.is_match(line) {\n        let c = re.captures(line).unwrap(); …\n    }\n}',
    },
    source: 'regex documentation (performance); engine names from regex 1.7 and 1.9',
  },
  {
    id: 'datetime-format',
    theme: 'text',
    tier: 'cause',
    title: 'printing dates',
    match: any(
      String.raw`^\{?chrono::format::(?!.*(?:pars|Parsed|scan))`,
      words(String.raw`chrono::(?:\w+::)+(?:format|format_with_items|to_rfc\w+)
        time::(?:\w+::)*(?:formatting|format_description)::\S+ time::(?:\w+::)*format\w*
        jiff::fmt::(?:\w+::)*printer::\S+ jiff::(?:\w+::)*strftime`),
      method(
        String.raw`chrono::(?!format::)\S+|jiff::\S+|time::(?!Duration)\S+`,
        'core::fmt::(?:Display|Debug)',
        'fmt',
      ),
    ),
    notThrough: WRITTEN_OUT,
    refines: ['to-owned', 'format-alloc', 'fmt-machinery'],
    info: 0.05,
    warn: 0.15,
    confidence: 'medium',
    issue: 'Dates and times are formatted',
    remedy:
      'format once per second and reuse the text, write to_rfc3339() or a fixed layout, parse the format once (StrftimeItems), or store integers',
    verify: 'count the distinct seconds among the formatted times',
    why: 'format() reads its pattern anew on each call and sends every field through the formatting machinery. Log lines of one second share all but the fraction. A fixed layout needs no pattern.',
    example: {
      before: 'for t in times { writeln!(out, "{}", t.format("%F %T"))?; }',
      after:
        'let items: Vec<_> = StrftimeItems::new("%F %T").collect();\nfor t in times { writeln!(out, "{}", t.format_with_items(items.iter()))?; }',
    },
    source: 'chrono documentation; measured in research (88%)',
  },
]
