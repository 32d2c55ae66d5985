/** One correction: `from` counts as `to`. Both canonical. */
export type AliasRule = { field: string; from: string; to: string };

/** Each corrected value of a field with the value it counts as in the end: where `a` is `b` and `b` is `c`, `a` is `c`. */
export class AliasMap {
  #next = new Map<string, string>();
  #final = new Map<string, string>();

  constructor(rules: readonly AliasRule[]) {
    for (const { field, from, to } of rules) this.#next.set(keyOf(field, from), to);
    for (const { field, from } of rules) this.#final.set(keyOf(field, from), this.path(field, from).at(-1)!);
  }

  /** What a canonical value counts as: itself where no rule is for it. */
  resolve(field: string, canonical: string): string {
    return this.#final.get(keyOf(field, canonical)) ?? canonical;
  }

  /** What a value was corrected to by the rule for it, where there is one. */
  directTarget(field: string, canonical: string): string | undefined {
    return this.#next.get(keyOf(field, canonical));
  }

  /** The value and all it leads to, in order. Rules that turn in a circle, which are refused when made, are cut short. */
  path(field: string, canonical: string): string[] {
    const path = [canonical];
    for (;;) {
      const next = this.#next.get(keyOf(field, path.at(-1)!));
      if (next === undefined || path.includes(next)) return path;
      path.push(next);
    }
  }
}

function keyOf(field: string, canonical: string): string {
  return `${field}\n${canonical}`;
}
