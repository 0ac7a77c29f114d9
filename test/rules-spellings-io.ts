/** Spellings of what reads and writes, under the rule that knows them. */
export const IO_SPELLINGS: string = String.raw`
io-unbuffered-write
  <std::fs::File as std::io::Write>::write
  <&std::net::tcp::TcpStream as std::io::Write>::write
io-println
  std::io::stdio::_print
  <std::io::stdio::StdoutLock as std::io::Write>::write_fmt
io-stderr
  std::io::stdio::_eprint
sort-key-built
  <str>::to_uppercase
  alloc::fmt::format::format_inner
  <alloc::string::String as core::clone::Clone>::clone
io-seek
  <alloc::io::buffered::bufreader::BufReader<std::fs::File> as core::io::seek::Seek>::seek
  <std::io::buffered::bufreader::BufReader<R> as std::io::Seek>::seek
io-copy
  _copy_to_iter
  copy_page_to_iter
  copy_page_from_iter_atomic
io-disk-read
  page_cache_ra_unbounded
  force_page_cache_ra
  folio_wait_bit_common
  io_schedule
io-unbuffered-read
  <std::fs::File as std::io::Read>::read
  std::io::inlined_slow_read_byte
  <std::io::Bytes<R> as core::iter::traits::iterator::Iterator>::next
io-lines-alloc
  <std::io::Lines<B> as core::iter::traits::iterator::Iterator>::next
io-fsync
  <std::fs::File>::sync_all
  __x64_sys_fdatasync
fs-stat
  <std::path::Path>::exists
  std::sys::fs::unix::stat
  std::sys::pal::unix::fs::stat
  statx
  <std::fs::ReadDir as core::iter::traits::iterator::Iterator>::next
fs-read-small
  std::fs::read_to_string::inner`
