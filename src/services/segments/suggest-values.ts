import { selectLinkedValues, selectSeenValues } from '../../db/queries/capture/link-values.ts';
import type { LinkField } from '../../domain/attribution/origin-fields.ts';
import { canonicalize } from '../../domain/text-values.ts';
import { readSettings } from '../change-settings.ts';
import type { ServiceContext } from '../service-context.ts';

const maxSuggestions = 20;

/** `origins`: distinct origins that carry the value, null where counting them would take a scan; `links`: links that hold it. */
export type Suggestion = { value: string; label: string; origins: number | null; links: number };

/** Values already in use in a field that hold a text: those that start with it first, then the most used. */
export async function suggestValues(
  context: ServiceContext,
  { field, q = '' }: { field: LinkField; q?: string | undefined },
): Promise<{ items: Suggestion[] }> {
  const { db } = context;
  const settings = await readSettings(context);
  const { aliasOf } = settings.originRules(settings.defaultSite);
  const text = canonicalize(q);
  const asked = { field, text, limit: maxSuggestions };
  const [seen, linked] = await db.batch([selectSeenValues(db, asked), selectLinkedValues(db, asked)]);
  const found = new Map<string, Suggestion>(seen.map((row) => [row.value, { ...row, links: 0 }]));
  for (const { value, links } of linked) {
    if (aliasOf(field, value) !== value) continue;
    const known = found.get(value);
    found.set(value, known ? { ...known, links } : { value, label: value, origins: null, links });
  }
  const startsWith = ({ value }: Suggestion) => (value.startsWith(text) ? 0 : 1);
  const items = [...found.values()].toSorted(
    (a, b) =>
      startsWith(a) - startsWith(b) ||
      b.links - a.links ||
      (b.origins ?? 0) - (a.origins ?? 0) ||
      (a.value < b.value ? -1 : 1),
  );
  return { items: items.slice(0, maxSuggestions) };
}
