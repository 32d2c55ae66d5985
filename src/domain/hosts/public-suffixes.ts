/** Where the public suffix list stands among the Worker's assets. */
export const publicSuffixesAsset = '/public-suffixes.json';

/** The rules of the list by their last label, in ASCII and separated by blanks: `uk co.uk`, `*.ck !www.ck`. */
export type PackedSuffixes = Record<Kind, Record<string, string>>;

const kinds = ['icann', 'private'] as const;
type Kind = (typeof kinds)[number];
export type Suffix = { suffix: string; kind: Kind | null };

/** The public suffix list, found by a host's labels. Source: https://github.com/publicsuffix/list/wiki/Format */
export class PublicSuffixes {
  #packed: PackedSuffixes;
  // By the last label, unpacked when one is first asked for: an isolate meets few of them.
  #rules = new Map<string, ReadonlyMap<string, Kind>>();

  constructor(packed: PackedSuffixes) {
    this.#packed = packed;
  }

  /** The suffix by the longest rule, an exception before any; without a rule the last label, of no kind. */
  find(host: string): Suffix {
    const last = host.slice(host.lastIndexOf('.') + 1);
    const rules = this.#rulesBelow(last);
    for (let start = 0; start < host.length; start = next(host, start)) {
      const exception = rules.get(`!${host.slice(start)}`);
      if (exception) return { suffix: host.slice(next(host, start)), kind: exception };
    }
    for (let start = 0; start < host.length; start = next(host, start)) {
      const rest = next(host, start);
      const isEmptyLabel = rest === start + 1;
      const kind =
        rules.get(host.slice(start)) ??
        (rest < host.length && !isEmptyLabel ? rules.get(`*.${host.slice(rest)}`) : undefined);
      if (kind) return { suffix: host.slice(start), kind };
    }
    return { suffix: last, kind: null };
  }

  #rulesBelow(last: string): ReadonlyMap<string, Kind> {
    const known = this.#rules.get(last);
    if (known) return known;
    const rules = new Map<string, Kind>();
    for (const kind of kinds) {
      // A host may end in anything: `constructor` is no list of rules.
      const packed = Object.hasOwn(this.#packed[kind], last) ? this.#packed[kind][last] : undefined;
      for (const rule of packed?.split(' ') ?? []) rules.set(rule, kind);
    }
    // Of labels that are none of the list's there is no end.
    if (rules.size > 0) this.#rules.set(last, rules);
    return rules;
  }
}

/** Where the label after the one that begins at `start` begins. */
function next(host: string, start: number): number {
  const dot = host.indexOf('.', start);
  return dot === -1 ? host.length : dot + 1;
}

// The one list of the isolate: constant data, too large to be part of the code.
let list: PublicSuffixes | undefined;

/** Gives the list to all that ask for suffixes: before the first event of an isolate is handled. */
export function usePublicSuffixes(packed: PackedSuffixes): void {
  list ??= new PublicSuffixes(packed);
}

export function findSuffix(host: string): Suffix {
  if (!list) throw new Error('The public suffix list has not been read.');
  return list.find(host);
}
