/** Binaries of macOS itself; those of simulators and of device support carry its paths within theirs. */
const SYSTEM =
  /^\/(?:System|usr\/lib|Library\/Developer\/CoreSimulator)\/|\/Symbols\/(?:System|usr\/lib)\//

/** Whether a binary belongs to the system: its C++ (`dyld4::prepare`) looks like a crate's Rust. */
export function isSystemPath(path: string): boolean {
  return SYSTEM.test(path)
}
