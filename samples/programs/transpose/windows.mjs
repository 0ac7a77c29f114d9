// Takes a processed profile of version 55 that samply recorded on Linux to what it would have recorded of the
// same program on Windows: modules beside PDBs, paths with backslashes, names as rustc writes them into a PDB.

/** What a module of Linux is there. */
const MODULES = {
  'libc.so.6': ['ntdll.dll', 'ntdll.pdb'],
  'ld-linux-x86-64.so.2': ['kernel32.dll', 'kernel32.pdb'],
  '[vdso]': ['kernelbase.dll', 'kernelbase.pdb'],
}

/** What has no path of Rust. */
const NAMES = {
  _clone3: 'RtlUserThreadStart',
  start_thread: 'BaseThreadInitThunk',
  '<std::sys::thread::unix::Thread>::new::thread_start':
    'std::sys::thread::windows::impl$0::new::thread_start',
  'core::ops::function::FnOnce::call_once{{vtable.shim}}':
    'core::ops::function::FnOnce::call_once<std::thread::lifecycle::spawn_unchecked::closure_env$1<orders::work::closure_env$0,tuple$<> >,tuple$<> >',
  _memcpy_avx_unaligned_erms: 'memcpy',
  _memcmp_avx2_movbe: 'memcmp',
  _GI___libc_malloc: 'RtlAllocateHeap',
  int_malloc: 'RtlpAllocateHeapInternal',
  malloc_consolidate: 'RtlpHpLfhSlotAllocate',
  unlink_chunk: 'RtlpHpLfhSlotAllocate',
  _realloc: 'RtlReAllocateHeap',
  int_realloc: 'RtlReAllocateHeap',
  _free: 'RtlFreeHeap',
  int_free: 'RtlpFreeHeapInternal',
}

/** The same recording; the one that is given stays as it is. */
export function onWindows(recording) {
  const profile = structuredClone(recording)
  const { product } = profile.meta
  profile.meta.oscpu = 'Windows 11'
  profile.libs = profile.libs.map((lib) => {
    const [name, pdb] = MODULES[lib.name] ?? [`${lib.name}.exe`, `${lib.name}.pdb`]
    const folder =
      lib.name === product ? `C:\\Users\\dev\\${product}\\target\\release` : 'C:\\Windows\\System32'
    const path = `${folder}\\${name}`
    return { ...lib, name, path, debugName: pdb, debugPath: pdb, codeId: '674b1a2c5f000' }
  })
  for (const thread of profile.threads) {
    const { funcTable, resourceTable, stringArray } = thread
    thread.processName = `${thread.processName}.exe`
    if (thread.name === product) thread.name = thread.processName
    const text = (row) => (row === null ? undefined : stringArray[row])
    const add = (value) => stringArray.push(value) - 1
    funcTable.name = funcTable.name.map((row, fn) =>
      add(spelled(text(row), text(funcTable.fileName[fn]))),
    )
    funcTable.fileName = funcTable.fileName.map((row) =>
      row === null ? null : add(placed(text(row))),
    )
    resourceTable.name = resourceTable.lib.map((lib) => add(profile.libs[lib].name))
  }
  return profile
}

/** A function as PDBs name it: `<Vec<T> as Clone>::clone` of vec/mod.rs is `alloc::vec::impl$7::clone<T>`. */
function spelled(name, file) {
  const known = NAMES[name.replace(/\.constprop\.0$/, '')]
  if (known) return known
  const [, self, method] = /^<(.*) as .*>::(\w+)$/.exec(name) ?? []
  const module = /^\/rustc\/\w+\/library\/(\w+)\/src\/(.*?)(?:\/mod)?\.rs$/.exec(file ?? '')
  if (self && module) {
    const types = /<(.*)>$/.exec(self)?.[1] ?? ''
    const path = [module[1], ...module[2].split('/').filter((part) => part !== 'lib')].join('::')
    return `${path}::impl$7::${method}${types && `<${types}>`}`
  }
  return name
    .replace(/^<([\w:]+)(?:<\w+>)?>::/, '$1::')
    .replaceAll('{{closure}}', 'closure$0')
    .replace(/^__rustc::__rdl/, 'std::alloc::__default_lib_allocator::__rdl')
    .replace(/::<.*>$/, '')
}

/** `/rustc/HASH` stays as rustc maps it, what follows has the slashes of Windows. */
function placed(file) {
  const [, start, rest] = /^(\/rustc\/\w+)?(.*)$/.exec(file.replace('/home', 'C:/Users'))
  return `${start ?? ''}${rest.replaceAll('/', '\\')}`
}
