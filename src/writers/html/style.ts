import { Markup } from './markup.ts'

/** Light or dark as the reader has it; colours alone say nothing that the text does not. */
export const STYLE = new Markup(`
:root { color-scheme: light dark; --text: #1d2126; --soft: #5c6670; --line: #d9dee3; --bar: #e5853f; --dark: #a64f14; --good: #1a7f37; --bad: #c62828; --paper: #fff }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --soft: #9aa4ae; --line: #333b43; --bar: #d0712c; --dark: #f0b48a; --good: #4ac26b; --bad: #ff7b72; --paper: #14181c } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--paper); max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem }
.summary { font-size: 1.1rem; margin: .4rem 0 0 }
small, .basis, .notes, .advice { color: var(--soft) } small { font-size: .85em; font-weight: normal }
table { border-collapse: collapse; width: 100% } th { text-align: right; font-weight: 600; color: var(--soft) } th:last-child { text-align: left }
td, th { padding: .25rem .6rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--line) }
td p { margin: .1rem 0 } td ul { margin: .1rem 0; padding-left: 1.1rem } td:last-child, th:last-child { width: 100%; overflow-wrap: anywhere }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
code { font: .92em ui-monospace, monospace }
.bar { display: block; position: relative; width: 8rem; height: .8rem; margin-top: .25rem }
.bar i, .bar b { position: absolute; left: 0; top: 0; height: 100%; background: var(--bar); border-radius: 2px } .bar b { background: var(--dark) }
.bar i { min-width: 1px }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: .3rem 0 } dt { color: var(--soft) } dd { margin: 0; font-size: 1.15rem } dl small { display: block; max-width: 24rem }
.improved { color: var(--good) } .regressed { color: var(--bad) }
.advice::before { content: "→ " } .quality { list-style: "! " }
figure { margin: 0 } svg { width: 100%; height: 8rem; border-bottom: 1px solid var(--line) } path { fill: var(--bar) } figcaption { color: var(--soft) }
`)
