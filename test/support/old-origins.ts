import { canonicalize } from '../../src/domain/text-values.ts';
import { withKey } from '../../src/services/attribution/prepare-touches.ts';
import type { TestApp } from './test-app.ts';

/** What earlier rules may have stored of an arrival. */
export type OldOrigin = {
  channel: string;
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  term?: string | null;
  content?: string | null;
  id?: string | null;
  referrerDomain?: string | null;
  placement?: string | null;
  clickIdName?: string | null;
};

const columns = {
  source: 'source_id',
  medium: 'medium_id',
  campaign: 'campaign_id',
  term: 'term_id',
  content: 'content_id',
  id: 'utm_id_id',
  referrerDomain: 'referrer_domain_id',
  placement: 'placement_id',
} as const;

/** Lets the origin of one source be what earlier rules stored in its place: the row stays, and so all that points at it. */
export async function storeAsBefore(kilde: TestApp, source: string, old: OldOrigin): Promise<number> {
  const [row] = await kilde.sql(
    `SELECT o.id, o.site_id FROM origin o JOIN origin_value v ON v.id = o.source_id WHERE v.canonical = ?`,
    [source],
  );
  if (!row) throw new Error(`No origin has the source ${source}.`);
  const values = Object.fromEntries(
    Object.keys(columns).map((field) => {
      const value = old[field as keyof typeof columns] ?? null;
      return [field, value === null ? null : canonicalize(value)];
    }),
  ) as Record<keyof typeof columns, string | null>;
  for (const [field, value] of [...Object.entries(values), ['channel', old.channel] as const]) {
    if (value === null) continue;
    await kilde.sql(
      `INSERT INTO origin_value (field, canonical, label, first_seen_at) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING`,
      [field, value, value],
    );
  }
  const { key } = withKey({
    ...values,
    siteId: Number(row['site_id']),
    channel: old.channel,
    clickIdName: old.clickIdName ?? null,
  });
  const idOf = (field: string) =>
    `coalesce((SELECT id FROM origin_value WHERE field = '${field}' AND canonical = ?), 0)`;
  await kilde.sql(
    `UPDATE origin SET key = ?, click_id_name = ?, rules_version = 0, channel_id = ${idOf('channel')},
      ${Object.entries(columns)
        .map(([field, column]) => `${column} = ${idOf(field)}`)
        .join(', ')} WHERE id = ?`,
    [key, old.clickIdName ?? null, old.channel, ...Object.values(values), Number(row['id'])],
  );
  return Number(row['id']);
}
