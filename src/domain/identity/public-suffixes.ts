/** Where the public suffix list stands among the Worker's assets. */
export const publicSuffixesAsset = '/public-suffixes.json';

/** The rules of the list, in ASCII and separated by blanks: `co.uk`, `*.ck`, `!www.ck`. */
export type PackedSuffixes = { icann: string; private: string };

type Kind = 'icann' | 'private';
export type Suffix = { suffix: string; kind: Kind | null };

/** The public suffix list, found by a host's labels. Source: https://github.com/publicsuffix/list/wiki/Format */
export class PublicSuffixes {
  #rules = new Map<string, Kind>();

  constructor(packed: PackedSuffixes) {
    for (const kind of ['icann', 'private'] as const) {
      for (const rule of packed[kind].split(' ')) this.#rules.set(rule, kind);
    }
  }

  /** The suffix by the longest rule, an exception before any; without a rule the last label, of no kind. */
  find(host: string): Suffix {
    for (let start = 0; start < host.length; start = next(host, start)) {
      const exception = this.#rules.get(`!${host.slice(start)}`);
      if (exception) return { suffix: host.slice(next(host, start)), kind: exception };
    }
    for (let start = 0; start < host.length; start = next(host, start)) {
      const rest = next(host, start);
      const isEmptyLabel = rest === start + 1;
      const kind =
        this.#rules.get(host.slice(start)) ??
        (rest < host.length && !isEmptyLabel ? this.#rules.get(`*.${host.slice(rest)}`) : undefined);
      if (kind) return { suffix: host.slice(start), kind };
    }
    return { suffix: host.slice(host.lastIndexOf('.') + 1), kind: null };
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
