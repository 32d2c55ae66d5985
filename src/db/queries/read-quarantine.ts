import { and, count, desc, eq, inArray, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toIso } from '../../domain/iso-time.ts';
import type { InboundSubmission } from '../../domain/lead.ts';
import type { Database } from '../client.ts';
import { form, quarantine, submission } from '../schema/forms.ts';

/** A submission held back, as the API shows it. Once released, what it said stands in the submission. */
export type QuarantineView = {
  id: string;
  form: { id: string; name: string };
  at: string;
  /** Why it was suspect. */
  reasons: string[];
  status: 'held' | 'released';
  fields: Record<string, string | string[]>;
  page: string | null;
};

/** `spam`: suspect. `approval`: of a person who is not known, by a form that wants an approval. */
export type QuarantineKind = (typeof quarantine.$inferSelect)['kind'];
export type QuarantineStatus = QuarantineView['status'];
export type QuarantineCursor = { at: number; id: string };

const columns = {
  id: quarantine.id,
  formKey: form.key,
  formName: form.name,
  at: quarantine.at,
  reasons: quarantine.reasons,
  status: quarantine.status,
  payload: quarantine.payload,
  fields: submission.fields,
  page: submission.page,
};

export function selectQuarantined(db: Database, where: SQL | undefined) {
  return db
    .select(columns)
    .from(quarantine)
    .innerJoin(form, eq(form.id, quarantine.formId))
    .leftJoin(submission, eq(submission.id, quarantine.id))
    .where(where)
    .orderBy(desc(quarantine.at), desc(quarantine.id));
}

type QuarantineRow = Awaited<ReturnType<typeof selectQuarantined>>[number];

/** One more row than `limit`, newest first. */
export function selectQuarantinePage(
  db: Database,
  {
    kind,
    status,
    after,
    limit,
  }: { kind: QuarantineKind; status: QuarantineStatus; after: QuarantineCursor | null; limit: number },
) {
  const page = db
    .select({ id: quarantine.id })
    .from(quarantine)
    .where(
      and(
        isOf({ kind, status }),
        after ? sql`(${quarantine.at}, ${quarantine.id}) < (${after.at}, ${after.id})` : undefined,
      ),
    )
    .orderBy(desc(quarantine.at), desc(quarantine.id))
    .limit(limit + 1);
  return selectQuarantined(db, inArray(quarantine.id, page));
}

export function countQuarantine(db: Database, which: { kind: QuarantineKind; status: QuarantineStatus }) {
  return db.select({ count: count() }).from(quarantine).where(isOf(which));
}

/** The kind stands in the statement as text, since the partial index of approvals is chosen by it. */
function isOf({ kind, status }: { kind: QuarantineKind; status: QuarantineStatus }): SQL | undefined {
  return and(
    kind === 'spam' ? sql`+${quarantine.kind} = 'spam'` : sql`${quarantine.kind} = 'approval'`,
    eq(quarantine.status, status),
  );
}

/** Some of what is quarantined. */
export function selectHeld(db: Database, where: SQL) {
  return selectQuarantined(db, and(eq(quarantine.status, 'held'), where));
}

export function toQuarantineView(row: QuarantineRow): QuarantineView {
  const inbound = row.payload as InboundSubmission | null;
  return {
    id: row.id,
    form: { id: row.formKey, name: row.formName },
    at: toIso(row.at),
    reasons: row.reasons,
    status: row.status,
    fields: inbound?.fields ?? row.fields ?? {},
    page: inbound?.page ?? row.page,
  };
}
