import { writeFileSync } from 'node:fs';
import type { PackedSuffixes } from '../src/domain/hosts/public-suffixes.ts';
// The data has no declaration of its own.
const trie = (await import(new URL('../node_modules/tldts/dist/es6/src/data/trie.js', import.meta.url).href)) as {
  nodeFlags: Uint8Array;
  edgeStart: Uint16Array;
  edgeLength: Uint8Array;
  edgeChild: Uint16Array;
  labelText: string;
  rulesRoot: number;
  exceptionsRoot: number;
};
const { edgeChild, edgeLength, edgeStart, exceptionsRoot, labelText, nodeFlags, rulesRoot } = trie;

/**
 * Writes assets/public-suffixes.json from the list that tldts carries (publicsuffix.org, MPL-2.0). Run after tldts is
 * upgraded: `npm run build:public-suffixes`. A test fails while the file is out of date.
 */
const flags = { icann: 1, private: 2 } as const;

/** Where each label begins. */
const offsets: number[] = [];
let end = 0;
for (const length of edgeLength) {
  offsets.push(end);
  end += length;
}

function* rulesBelow(node: number, suffix: string): Generator<{ rule: string; flag: number }> {
  for (let edge = edgeStart[node]!; edge < edgeStart[node + 1]!; edge += 1) {
    const label = labelText.slice(offsets[edge], offsets[edge]! + edgeLength[edge]!);
    const rule = suffix === '' ? label : `${label}.${suffix}`;
    const child = edgeChild[edge]!;
    if (nodeFlags[child] !== 0) yield { rule, flag: nodeFlags[child]! };
    yield* rulesBelow(child, rule);
  }
}

export function renderPublicSuffixes(): string {
  const all = [
    ...rulesBelow(rulesRoot, ''),
    ...[...rulesBelow(exceptionsRoot, '')].map(({ rule, flag }) => ({ rule: `!${rule}`, flag })),
  ];
  const packed = Object.fromEntries(
    Object.entries(flags).map(([kind, bit]) => [
      kind,
      byLastLabel(all.filter(({ rule, flag }) => (flag & bit) !== 0 && isAscii(rule)).map(({ rule }) => rule)),
    ]),
  ) as PackedSuffixes;
  return `${JSON.stringify(packed, null, 1)}\n`;
}

function byLastLabel(rules: readonly string[]): Record<string, string> {
  const groups = Map.groupBy(rules.toSorted(), (rule) => rule.slice(rule.lastIndexOf('.') + 1));
  return Object.fromEntries(
    [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([label, own]) => [label, own.join(' ')]),
  );
}

/** Hosts are in ASCII when they are looked up; the list has each rule in both spellings. */
function isAscii(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

if (import.meta.main) {
  const text = renderPublicSuffixes();
  writeFileSync(new URL('../assets/public-suffixes.json', import.meta.url), text);
  console.log(`${text.length} bytes`);
}
