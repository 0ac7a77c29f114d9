/** Binaries of macOS and Windows themselves; those of simulators and of device support carry paths of macOS within theirs. */
const SYSTEM =
  /^\/(?:System|usr\/lib|Library\/Developer\/CoreSimulator)\/|\/Symbols\/(?:System|usr\/lib)\/|^[A-Za-z]:\\Windows\\/i

/** Whether a binary belongs to the system: its C++ (`dyld4::prepare`) looks like a crate's Rust. */
export function isSystemPath(path: string): boolean {
  return SYSTEM.test(path)
}
