/** What stands in a masked address instead of path and query. */
const mask = '/***';

/**
 * An address as callers without the scope `admin` see it. Scheme, host and port stay; path and query go, since chat services
 * put the secret there (`https://hooks.slack.com/services/T…/B…/…`).
 */
export function maskAddress(url: string): string {
  if (!URL.canParse(url)) return '***';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}${mask}`;
}

/** Whether an address is a masked one, as it was read or as a program has written it since (`/%2A%2A%2A`, `:443`, `/***?`). */
export function isMasked(url: string): boolean {
  return URL.canParse(url) && /^\/(?:\*|%2a){3}\/?$/i.test(new URL(url).pathname);
}

type WithAddress = { kind: string; url?: string };

/**
 * Puts stored addresses back where a caller sends the masked ones it has read: of one kind, host and port they are matched in
 * order. Where their numbers differ nothing tells which is meant.
 * @returns the targets, and a problem by the position of each target that matches nothing.
 */
export function restoreMasked<T extends WithAddress>(
  given: readonly T[],
  known: readonly WithAddress[],
): { targets: T[]; problems: Array<{ position: number; message: string }> } {
  const keyOf = ({ kind, url }: WithAddress) => `${kind} ${maskAddress(url ?? '')}`;
  const whole = new Set(
    given.flatMap(({ kind, url }) => (url === undefined || isMasked(url) ? [] : [`${kind} ${url}`])),
  );
  const problems: Array<{ position: number; message: string }> = [];
  const used = new Map<string, number>();
  const targets = given.map((target, position) => {
    const { kind, url } = target;
    if (url === undefined || !isMasked(url)) return target;
    const key = keyOf(target);
    const stored = known.filter((one) => keyOf(one) === key && !whole.has(`${one.kind} ${one.url}`));
    const sent = given.filter((one) => one.url !== undefined && isMasked(one.url) && keyOf(one) === key);
    if (stored.length !== sent.length && new Set(stored.map((one) => one.url)).size !== 1) {
      const message = `'${url}' is masked, and ${stored.length} stored targets of the kind ${kind} match it. Send the whole address.`;
      problems.push({ position, message });
      return target;
    }
    const index = used.get(key) ?? 0;
    used.set(key, index + 1);
    return { ...target, url: (stored[index] ?? stored[0]!).url };
  });
  return { targets, problems };
}
