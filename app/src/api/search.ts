/** The parameters of an address. Values are text; a list is joined by commas. */
export type Search = Record<string, string | undefined>;

/** In this order they stand in an address; others follow as they come. Names are those of the API. */
const order = ['site', 'period', 'from', 'to', 'compare', 'measures', 'dimensions', 'attribution', 'sort'];

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Addresses are read by people: what need not be escaped is not. */
export function stringifySearch(search: Record<string, unknown>): string {
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const pairs = Object.entries(search)
    .filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '')
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([name, value]) => `${escapePart(name)}=${escapePart(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function escapePart(text: string): string {
  return encodeURIComponent(text).replaceAll(/%(?:2C|3A|2F|5B|5D|20)/g, (escaped) =>
    escaped === '%20' ? '+' : decodeURIComponent(escaped),
  );
}
