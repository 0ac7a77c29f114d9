#!/usr/bin/env node
// Empties every <script> element of the SVG files given as arguments, in
// place. Everything else stays as it is, byte for byte.
import { readFileSync, writeFileSync } from 'node:fs';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node strip-script.mjs FILE.svg...');
  process.exit(2);
}

// latin1 maps bytes to characters one to one, so nothing is re-encoded.
const element = /(<script\b[^>]*>)([\s\S]*?)(<\/script>)/g;
for (const file of files) {
  const before = readFileSync(file, 'latin1');
  let emptied = 0;
  const after = before.replace(element, (_, open, body, close) => {
    const content = /^\s*<!\[CDATA\[/.test(body) ? '<![CDATA[]]>' : '';
    if (content !== body) emptied += 1;
    return open + content + close;
  });
  if (after !== before) writeFileSync(file, after, 'latin1');
  console.log(`${file}: ${emptied} script(s) emptied`);
}
