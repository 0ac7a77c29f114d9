/*
 * DHAT, version 2: one JSON object. Program points first, the frames they name last.
 *
 *     {"dhatFileVersion":2,"mode":"heap","verb":"Allocated","bklt":true,"bkacc":true
 *     ,"tu":"instrs","Mtu":"Minstr","tuth":500,"cmd":"bin/clone_loop","pid":14616,"te":5153036,"tg":5144169
 *     ,"pps":[{"tb":472,"tbk":1,"tl":150636,"mb":472,"mbk":1,"gb":0,"gbk":0,"eb":0,"ebk":0
 *        ,"rb":2853,"wb":1326,"acc":[194,-3,145],"fs":[1,2,3]}]
 *     ,"ftbl":["[root]","0x48417B4: malloc (in /usr/libexec/…)","0x11C197: app::main (main.rs:23)", …]}
 *
 * Written by valgrind --tool=dhat (heap, copy, ad hoc) and the dhat crate (rust-heap, rust-ad-hoc),
 * and in dialects by mod-alloc and heapscope. `fs` is leaf first. What the fields mean, and which
 * may be trusted from whom: docs/formats/dhat.md.
 */
import type { Head, Intake, Parser, Source } from '../../../src/plugin.ts'
import { Frames } from './frames.ts'
import { type Header, heapOf, producerOf, readHeaderField, wrongTime } from './header.ts'
import { Points } from './points.ts'

const VERSION = 2

const parser: Parser = {
  id: 'dhat',
  title: 'DHAT heap profile (valgrind, the dhat crate)',
  docs: 'https://valgrind.org/docs/manual/dh-manual.html',

  sniff(head) {
    return isDhat(head) ? 'certain' : undefined
  },

  parse(source, into) {
    const profile = into.profile()
    const header: Header = {}
    const points = new Points(profile, into)
    const frames = new Frames(profile, into)
    readDocument(source, into, header, points, frames)
    checkWhole(header, points, frames, into)
    profile.renumber(frames.rows())
    points.finish(header)
    const producer = producerOf(header)
    profile.about({
      producer,
      ...(header.cmd === undefined ? {} : { commandLine: header.cmd }),
      heap: heapOf(header, producer, points),
    })
    if (header.mode !== undefined && !KNOWN_MODES.has(header.mode))
      profile.note('unknown-mode', `the mode ${header.mode} is read as counts of blocks`)
  },
}
export default parser

const KNOWN_MODES = new Set(['heap', 'copy', 'ad-hoc', 'rust-heap', 'rust-ad-hoc'])

function isDhat({ text }: Head): boolean {
  return /^\s*\{/.test(text) && /"dhatFileVersion"\s*:/.test(text)
}

function readDocument(
  source: Source,
  into: Intake,
  header: Header,
  points: Points,
  frames: Frames,
): void {
  const json = source.json()
  try {
    json.enterObject()
    for (let key; (key = json.key()) !== undefined;) {
      if (key === 'pps') {
        if (points.wereRead) refuseSecond('lists of program points (pps)', into)
        points.read(json, source.size)
      } else if (key === 'ftbl') {
        if (frames.wereRead) refuseSecond('tables of frames (ftbl)', into)
        frames.read(json)
      } else readHeaderField(json, key, header)
      if (key === 'dhatFileVersion') checkVersion(header, into)
    }
    json.end()
  } catch (error) {
    if (!json.truncated) throw error
    throw into.problem(
      'MALFORMED',
      `the file ends at byte ${json.place}, before its end: without the names, which come last, nothing can be told`,
      'record again and let the program end by itself: killed, or left by process::exit, it writes no whole file',
    )
  }
}

function refuseSecond(what: string, into: Intake): never {
  throw into.problem(
    'MALFORMED',
    `there are two ${what}`,
    'the file was changed, or two were put together: give each recording as a file of its own',
  )
}

function checkVersion({ version }: Header, into: Intake): void {
  if (version === VERSION) return
  throw into.problem(
    'UNSUPPORTED',
    `this is version ${version} of the DHAT format; only ${VERSION} is known`,
    'valgrind 3.17 (2021) and later, and the dhat crate from 0.2 on, write version 2: record again with one of them',
  )
}

function checkWhole(header: Header, points: Points, frames: Frames, into: Intake): void {
  const again = 'record again: valgrind --tool=dhat PROGRAM, or the dhat crate'
  if (header.version === undefined)
    throw into.problem('MALFORMED', 'there is no dhatFileVersion: this is not a DHAT file', again)
  if (!points.wereRead) throw into.problem('MALFORMED', 'there are no program points (pps)', again)
  if (!frames.wereRead) throw into.problem('MALFORMED', 'there is no table of frames (ftbl)', again)
  if (points.length === 0)
    throw into.problem(
      'EMPTY',
      'nothing was recorded: the list of program points is empty',
      'with the dhat crate, make the Profiler first thing in main and keep it until the end: let _profiler = dhat::Profiler::new_heap();',
    )
  const wrong = wrongTime(header)
  if (wrong !== undefined) throw into.problem('MALFORMED', `${wrong}: no time is`, again)
  if (points.highest >= frames.length)
    throw into.problem(
      'MALFORMED',
      `a program point names frame ${points.highest}, and there are ${frames.length}`,
      again,
    )
}
