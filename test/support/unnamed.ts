/** A profile with an inlined call to be found at 0x20, and everything that names a stack. */
export const TINY = {
  threads: [
    {
      name: 'app',
      pid: '7',
      tid: 8,
      processName: 'app',
      samples: {
        length: 4,
        weightType: 'samples',
        stack: [0, 1, null, 2],
        timeDeltas: [0, 1, 1, 1],
        weight: [1, 1, 1, 1],
        threadCPUDelta: [0, 1000, 0, 500],
      },
      nativeAllocations: { length: 1, time: [1], weight: [64], weightType: 'bytes', stack: [1] },
      markers: {
        length: 2,
        data: [{ type: 'Text', cause: { time: 1, stack: 2 } }, null],
        name: [0, 0],
        startTime: [1, 2],
        endTime: [2, 3],
        phase: [1, 1],
        category: [0, 0],
      },
    },
  ],
  libs: [{ name: 'app', debugName: 'app', path: '/x/app', breakpadId: 'AA0', codeId: null }],
  counters: [{ name: 'malloc', samples: { length: 1, time: [1], count: [1] } }],
}
const STRINGS = ['app', 'main', '0x20', '0x30', 'other']

/** Version 75: all tables shared, flags for what is there. */
export const tiny75 = () => ({
  meta: { preprocessedProfileVersion: 75, interval: 1, sampleUnits: { threadCPUDelta: 'µs' } },
  ...structuredClone(TINY),
  shared: {
    stringArray: STRINGS,
    stackTable: { length: 3, prefixOffset: [0, 1, 1], frame: [0, 1, 2] },
    frameTable: {
      length: 3,
      flags: [2, 2, 2],
      address: [16, 32, 48],
      lib: [0, 0, 0],
      func: [0, 1, 2],
      line: [0, 0, 0],
      nativeSymbol: [0, 0, 0],
    },
    funcTable: {
      length: 3,
      flags: [4, 4, 4],
      name: [1, 2, 3],
      resource: [0, 0, 0],
      source: [0, 0, 0],
    },
    resourceTable: { length: 1, name: [0], host: [null], type: [1] },
    nativeSymbols: { length: 0, libIndex: [], address: [], name: [], functionSize: [] },
    sources: { length: 0, id: [], filename: [], startLine: [], startColumn: [], content: [] },
  },
})

/** The same of version 49: tables of the thread, null for what is not there. */
export const tiny49 = () => {
  const { threads, ...rest } = structuredClone(TINY)
  return {
    meta: { preprocessedProfileVersion: 49, interval: 1, sampleUnits: { threadCPUDelta: 'µs' } },
    ...rest,
    threads: threads.map((thread) => ({
      ...thread,
      stringArray: STRINGS,
      stackTable: { length: 3, prefix: [null, 0, 1], frame: [0, 1, 2], category: [0, 1, 2] },
      frameTable: {
        length: 3,
        address: [16, 32, 48],
        inlineDepth: [0, 0, 0],
        func: [0, 1, 2],
        line: [null, null, null],
        nativeSymbol: [null, null, null],
      },
      funcTable: { length: 3, name: [1, 2, 3], resource: [0, 0, 0], fileName: [null, null, null] },
      resourceTable: { length: 1, lib: [0], name: [0], host: [null], type: [1] },
      nativeSymbols: { length: 0, libIndex: [], address: [], name: [], functionSize: [] },
    })),
  }
}
