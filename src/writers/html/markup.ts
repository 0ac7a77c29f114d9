/** A piece of a page. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | undefined | readonly Markup[]

/** What is put in is text, and escaped, unless it is markup itself. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.reduce((page, text, i) => page + written(parts[i - 1]) + text))
}

function written(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(({ text }) => text).join('')
  return String(part).replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** A share of `most` as a bar; the darker part is `within` it. */
export function bar(value: number, most: number, within = 0): Markup {
  const percent = (part: number) => (most > 0 ? Math.min(100, (part / most) * 100) : 0).toFixed(1)
  return html`<span class="bar"
    ><i style="width:${percent(value)}%"></i><b style="width:${percent(within)}%"></b
  ></span>`
}

/** Sentences, one below the other; nothing where there are none. */
export function list(kind: string, texts: readonly string[] | undefined): Markup {
  if (texts === undefined || texts.length === 0) return html``
  return html`<ul class="${kind}">
    ${texts.map((text) => html`<li>${text}</li> `)}
  </ul>`
}

/** Numbers with what they are, side by side. */
export function figures(rows: readonly (readonly [what: string, value: string, note?: string])[]) {
  return html`<dl>
    ${rows.map(
      ([what, value, note]) =>
        html`<div>
          <dt>${what}</dt>
          <dd>${value}</dd>
          ${note ? html`<small>${note}</small>` : undefined}
        </div> `,
    )}
  </dl>`
}
