import { ProfileBuilder } from '../model/builder.ts'
import {
  type FrameId,
  type FunctionId,
  INLINED,
  isUnresolved,
  type ModuleId,
  NONE,
  type Note,
  type Profile,
  type StackId,
  UNRESOLVED,
} from '../model/profile.ts'
import { climb, type Ladder } from './resolve.ts'
import type { Library, Symbol, SymbolSource } from './symbol.ts'

/**
 * The same profile with names for its addresses, as far as the sources know them. What was inlined
 * becomes frames of its own, unless `inline` is false. Sources that were refused become notes.
 */
export async function symbolicate(
  profile: Profile,
  sources: readonly SymbolSource[],
  inline = true,
): Promise<Profile> {
  const wanted = [...wantedOf(profile)].map(([module, addresses]) => ({
    module,
    library: libraryOf(profile, module),
    addresses,
  }))
  const ladder = await climb(wanted, sources)
  const notes = [...profile.notes, ...notesOf(ladder)]
  if (ladder.found.length === 0) return { ...profile, notes }
  const moduleOf = new Map(wanted.map(({ library, module }) => [library, module]))
  const symbols = new Map(
    ladder.found.map(({ library, symbols: s }) => [moduleOf.get(library)!, s]),
  )
  return { ...new Rewriter(profile, symbols, inline).rewrite(), notes }
}

function wantedOf({ frames, functions }: Profile): Map<number, number[]> {
  const wanted = new Map<number, number[]>()
  for (let f = 0; f < frames.length; f++) {
    const module = functions.module[frames.function[f]]
    if (module === NONE || !isUnresolved(frames, f)) continue
    const addresses = wanted.get(module)
    if (addresses) addresses.push(frames.address[f])
    else wanted.set(module, [frames.address[f]])
  }
  return wanted
}

function libraryOf({ modules, strings }: Profile, module: number): Library {
  const text = (row: number) => (row === NONE ? undefined : strings[row])
  return {
    name: strings[modules.name[module]],
    path: text(modules.path[module]),
    debugId: text(modules.debugId[module]),
    codeId: text(modules.codeId[module]),
    debugName: text(modules.debugName[module]),
  }
}

function notesOf({ refused, from }: Ladder): Note[] {
  const notes: Note[] = [...new Set(refused)].map((text) => ({
    code: 'symbols-refused',
    text,
    count: 1,
  }))
  for (const [name, count] of from)
    notes.push({ code: 'symbols', text: `names of ${count} addresses are from ${name}`, count: 1 })
  return notes
}

/** Copies functions, frames and stacks, and puts names and inlined calls where addresses were. */
class Rewriter {
  readonly #profile: Profile
  /** By row of `modules`, then by address. */
  readonly #symbols: ReadonlyMap<number, ReadonlyMap<number, Symbol>>
  readonly #inline: boolean
  readonly #builder = new ProfileBuilder()
  readonly #moduleOf = new Map<number, ModuleId | undefined>()

  constructor(
    profile: Profile,
    symbols: ReadonlyMap<number, ReadonlyMap<number, Symbol>>,
    inline: boolean,
  ) {
    this.#profile = profile
    this.#symbols = symbols
    this.#inline = inline
  }

  rewrite(): Profile {
    const { stacks, samples, frames, meta } = this.#profile
    const framesOf = Array.from({ length: frames.length }, (_, f) => this.#frames(f))
    const stackOf = new Int32Array(stacks.length)
    for (let node = 0; node < stacks.length; node++) {
      let at = stacks.parent[node] === NONE ? NONE : stackOf[stacks.parent[node]]
      for (const frame of framesOf[stacks.frame[node]])
        at = this.#builder.child(at as StackId | -1, frame)
      stackOf[node] = at
    }
    const stack = samples.stack.map((node) => (node === NONE ? NONE : stackOf[node]))
    const { strings, modules, functions, frames: written, stacks: grown } = this.#builder.done(meta)
    return {
      ...this.#profile,
      strings,
      modules,
      functions,
      frames: written,
      stacks: grown,
      samples: { ...samples, stack },
    }
  }

  /** What a frame becomes: itself, or its function and what was inlined there, outermost first. */
  #frames(f: number): FrameId[] {
    const { frames, functions } = this.#profile
    const flags = frames.flags[f]
    const symbol = isUnresolved(frames, f) ? this.#symbolOf(f) : undefined
    const module = this.#module(functions.module[frames.function[f]])
    if (symbol === undefined)
      return [
        this.#builder.frame(this.#function(frames.function[f], module), {
          line: frames.line[f],
          address: frames.address[f],
          flags,
        }),
      ]
    const calls = this.#inline ? symbol.calls : symbol.calls.slice(0, 1)
    return calls.map(({ name, file, line }, depth) =>
      this.#builder.frame(this.#builder.function(name, { file, module }), {
        line: line ?? NONE,
        flags: (flags & ~UNRESOLVED) | (depth > 0 ? INLINED : 0),
      }),
    )
  }

  #symbolOf(f: number): Symbol | undefined {
    const { frames, functions } = this.#profile
    return this.#symbols.get(functions.module[frames.function[f]])?.get(frames.address[f])
  }

  #function(row: number, module: ModuleId | undefined): FunctionId {
    const { functions, strings } = this.#profile
    const file = functions.file[row]
    return this.#builder.function(strings[functions.name[row]], {
      file: file === NONE ? undefined : strings[file],
      line: functions.line[row] === NONE ? undefined : functions.line[row],
      module,
    })
  }

  #module(row: number): ModuleId | undefined {
    if (row === NONE) return undefined
    let id = this.#moduleOf.get(row)
    if (id === undefined) {
      id = this.#builder.module(libraryOf(this.#profile, row))
      this.#moduleOf.set(row, id)
    }
    return id
  }
}
