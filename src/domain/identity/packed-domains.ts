// The mail domain lists are 14,000 names, a fifth of the Worker's whole budget as they come. Packed, they shrink to what gzip can
// take further: grouped by what follows the first label, sorted, and each name written as the count of leading characters it shares
// with the one before (`A` none … `P` fifteen) and its rest. One group a line: `com` `Amailinator` `Emall` → mailinator.com, mailmall.com…

const firstLetter = 'A'.charCodeAt(0);
const maxShared = 15;

/** Packs lower-case ASCII domain names into text. Order and repetition do not matter. */
export function packDomains(domains: Iterable<string>): string {
  const groups = Map.groupBy(new Set(domains), suffixOf);
  const alone = [...groups.values()].filter((names) => names.length === 1).flat();
  const shared = [...groups]
    .filter(([, names]) => names.length > 1)
    .toSorted(([a, as], [b, bs]) => bs.length - as.length || (a < b ? -1 : 1));
  const lines = shared.map(
    ([suffix, names]) => suffix + frontCode(names.map((name) => name.slice(0, -suffix.length - 1))),
  );
  return [...lines, frontCode(alone)].join('\n');
}

/** The names a packed text holds. Reads it once, character by character: this runs in the first submission after a cold start. */
export function unpackDomains(packed: string): Set<string> {
  const domains = new Set<string>();
  for (const line of packed.split('\n')) {
    let end = nameEnd(line, 0);
    const suffix = end === 0 ? '' : `.${line.slice(0, end)}`;
    let previous = '';
    while (end < line.length) {
      const start = end + 1;
      const shared = line.charCodeAt(end) - firstLetter;
      end = nameEnd(line, start);
      previous = previous.slice(0, shared) + line.slice(start, end);
      domains.add(previous + suffix);
    }
  }
  return domains;
}

/** Where the run of characters that are no count ends: the only upper case there is are counts. */
function nameEnd(line: string, from: number): number {
  let end = from;
  while (end < line.length && !isCount(line.charCodeAt(end))) end += 1;
  return end;
}

function isCount(code: number): boolean {
  return code >= firstLetter && code <= firstLetter + maxShared;
}

function suffixOf(domain: string): string {
  return domain.slice(domain.indexOf('.') + 1);
}

function frontCode(names: string[]): string {
  let previous = '';
  let text = '';
  for (const name of names.toSorted()) {
    let shared = 0;
    while (shared < maxShared && shared < name.length && name[shared] === previous[shared]) shared += 1;
    text += String.fromCharCode(firstLetter + shared) + name.slice(shared);
    previous = name;
  }
  return text;
}
