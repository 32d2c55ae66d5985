import type { InStatement } from '@libsql/client/http';
import { defineStatement } from '../../db/statement.ts';
import { maskAddress } from '../../domain/deliveries/mask-address.ts';
import { toIso } from '../../domain/iso-time.ts';
import { dayInZone } from '../../domain/time-zone.ts';
import { readSettings } from '../change-settings.ts';
import { readSuggestions, suggestionStatements } from '../attribution/suggest-aliases.ts';
import { findSilentForms, habitDays, selectHabits } from '../capture/forms/form-habits.ts';
import type { ServiceContext } from '../service-context.ts';

export const attentionKinds = [
  'formSilent',
  'deliveryFailing',
  'dealsWithoutLead',
  'quarantine',
  'newSpellings',
  'costsMissing',
  'newlyUnassigned',
] as const;
export type AttentionKind = (typeof attentionKinds)[number];

export type Attention = {
  kind: AttentionKind;
  since: string | null;
  count: number;
  /** What it is about; null where it is about the whole. */
  subject: { id: string; name: string } | null;
  /** Where it is mended, in the app. */
  href: string;
};

const dayMs = 24 * 60 * 60 * 1_000;
/** A spelling is new for so long. */
const newSpellingMs = 30 * dayMs;
/** Counting ends here: more is as much. */
const mostCounted = 1_000;

const failingReceivers = defineStatement(`SELECT address AS id, failing_since AS since, failures AS count FROM receiver
  WHERE failing_since IS NOT NULL OR is_gone = 1 ORDER BY failing_since LIMIT 20`);

const unlinkedDeals = defineStatement(`SELECT count(*) AS count, min(registered_at) AS since FROM
  (SELECT registered_at FROM deal WHERE person_id IS NULL AND company_id IS NULL ORDER BY registered_at LIMIT ${mostCounted})`);

const heldSubmissions = defineStatement(`SELECT count(*) AS count, min(at) AS since FROM
  (SELECT at FROM quarantine WHERE status = 'held' ORDER BY at LIMIT ${mostCounted})`);

/** Days of the last fourteen with paid visits from a source that had costs in the 90 days before, and has none on that day. */
const missingCosts =
  defineStatement(`WITH paying AS MATERIALIZED (SELECT DISTINCT o.source_id FROM cost c JOIN origin o ON o.id = c.origin_id
    WHERE c.day >= :costsFrom AND o.source_id <> 0),
  visited AS MATERIALIZED (SELECT DISTINCT v.day, o.source_id FROM visit_day v JOIN origin o ON o.id = v.origin_id
    JOIN origin_value c ON c.id = o.channel_id WHERE v.day >= :visitsFrom AND v.day < :today AND c.label LIKE 'Paid %'
      AND o.source_id IN (SELECT source_id FROM paying))
  SELECT coalesce(s.alias_label, s.label) AS name, s.canonical AS id, count(*) AS count, min(v.day) AS since FROM visited v
  JOIN origin_value s ON s.id = v.source_id
  WHERE NOT EXISTS (SELECT 1 FROM cost c JOIN origin o ON o.id = c.origin_id WHERE c.day = v.day AND o.source_id = v.source_id)
  GROUP BY v.source_id ORDER BY count DESC LIMIT 20`);

/** Sources whose leads of the last seven days are Unassigned and were not in the four weeks before: from totals by day (kind 112). */
const newlyUnassigned =
  defineStatement(`WITH days AS MATERIALIZED (SELECT t.month AS day, g.source_id, sum(t.n) AS leads
    FROM settled_total t JOIN origin_group g ON g.id = t.key >> 4 JOIN origin_value c ON c.id = g.channel_id
    WHERE t.kind = 112 AND t.month >= :before AND c.label = 'Unassigned' GROUP BY 1, 2)
  SELECT coalesce(s.alias_label, s.label, 'Unassigned') AS name, coalesce(s.canonical, '') AS id, sum(d.leads) AS count, min(d.day) AS since
  FROM days d LEFT JOIN origin_value s ON s.id = d.source_id WHERE d.day >= :from
    AND NOT EXISTS (SELECT 1 FROM days earlier WHERE earlier.source_id = d.source_id AND earlier.day < :from)
  GROUP BY d.source_id HAVING sum(d.leads) > 0 ORDER BY count DESC LIMIT 20`);

type Result = { rows: ReadonlyArray<Record<string, unknown>> };
type Read = (result: Result) => Attention[];

const moment = (at: unknown): string | null => (at === null ? null : toIso(Number(at)));
const subjectOf = (row: Record<string, unknown>) => ({ id: String(row['id']), name: String(row['name']) });
const dayText = (day: unknown): string => {
  const text = String(day).replaceAll('-', '');
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}T00:00:00.000Z`;
};
/** One entry where there is anything at all. */
const whole =
  (kind: AttentionKind, href: string): Read =>
  ({ rows: [row] }) =>
    Number(row?.['count'] ?? 0) === 0
      ? []
      : [{ kind, since: moment(row!['since']), count: Number(row!['count']), subject: null, href }];
const each =
  (
    kind: AttentionKind,
    hrefOf: (row: Record<string, unknown>) => string,
    since: (value: unknown) => string | null,
  ): Read =>
  ({ rows }) =>
    rows.map((row) => ({
      kind,
      since: since(row['since']),
      count: Number(row['count']),
      subject: subjectOf(row),
      href: hrefOf(row),
    }));

/**
 * What somebody can mend, the most costly first: one request to the database. Each question reads totals, days or what waits, and ends
 * after a bounded number of rows.
 */
export async function readAttention(context: Pick<ServiceContext, 'db' | 'clock' | 'settings'>): Promise<Attention[]> {
  const { db, clock } = context;
  const now = clock();
  const { timeZone } = (await readSettings(context)).defaultSite;
  const dayBefore = (days: number) => dayInZone(now - days * dayMs, timeZone);
  const dayNumber = (days: number) => Number(dayBefore(days).replaceAll('-', ''));
  const questions: Array<{ statement: InStatement; read: Read }> = [
    {
      statement: selectHabits({ now, firstDay: dayBefore(habitDays) }),
      read: (result) => readSilent(result, dayBefore(0)),
    },
    { statement: failingReceivers({}), read: readReceivers },
    { statement: unlinkedDeals({}), read: whole('dealsWithoutLead', '/app/deals/board') },
    { statement: heldSubmissions({}), read: whole('quarantine', '/app/forms?tab=quarantine') },
    {
      statement: missingCosts({ costsFrom: dayBefore(90), visitsFrom: dayBefore(14), today: dayBefore(0) }),
      read: each('costsMissing', () => '/app/imports', dayText),
    },
    {
      statement: newlyUnassigned({ before: dayNumber(35), from: dayNumber(7) }),
      read: each(
        'newlyUnassigned',
        ({ id }) => `/app/sources?channel=Unassigned&source=${encodeURIComponent(String(id))}`,
        dayText,
      ),
    },
  ];
  const results = await db.$client.batch(
    [...questions.map(({ statement }) => statement), ...suggestionStatements()],
    'read',
  );
  const found = [
    ...questions.flatMap(({ read }, index) => read(results[index]!)),
    ...newSpellings(readSuggestions(results.slice(questions.length)), now),
  ];
  return found.toSorted((a, b) => attentionKinds.indexOf(a.kind) - attentionKinds.indexOf(b.kind));
}

function readSilent({ rows }: Result, today: string): Attention[] {
  return findSilentForms(rows, today)
    .slice(0, 20)
    .map(({ id, name, lastAt, expected }) => ({
      kind: 'formSilent',
      since: toIso(lastAt),
      count: Math.floor(expected),
      subject: { id, name },
      href: `/app/forms/${encodeURIComponent(id)}`,
    }));
}

/** An address may hold a secret: it is shown masked, and is no id. */
function readReceivers({ rows }: Result): Attention[] {
  return rows.map((row) => {
    const address = String(row['id']);
    const name = address === 'mail' ? 'mail' : maskAddress(address);
    const count = Math.max(1, Number(row['count']));
    return {
      kind: 'deliveryFailing',
      since: moment(row['since']),
      count,
      subject: { id: name, name },
      href: '/app/schedules',
    };
  });
}

function newSpellings({ items }: ReturnType<typeof readSuggestions>, now: number): Attention[] {
  return items.flatMap(({ field, canonical, values }) => {
    const fresh = values.map((one) => one.firstSeenAt).filter((at) => now - Date.parse(at) < newSpellingMs);
    if (fresh.length === 0) return [];
    const subject = { id: `${field}:${canonical.value}`, name: canonical.label };
    return [
      {
        kind: 'newSpellings',
        since: fresh.toSorted()[0]!,
        count: fresh.length,
        subject,
        href: '/app/corrections?tab=suggested',
      },
    ];
  });
}
