import { and, eq } from 'drizzle-orm';
import type { QuarantineKind } from '../../../db/queries/capture/read-quarantine.ts';
import { quarantine } from '../../../db/schema/forms.ts';
import { defineStatement } from '../../../db/statement.ts';
import { conflict, notFound } from '../../../domain/errors.ts';
import { readInbound } from '../../../domain/capture/lead.ts';
import type { InboundSubmission } from '../../../domain/capture/lead.ts';
import { submitForm } from '../submit-form.ts';
import type { IntakeContext } from '../submit-form.ts';

const markReleased = defineStatement(`UPDATE quarantine SET status = 'released', payload = 'null' WHERE id = :id`);

const names: Record<QuarantineKind, string> = {
  spam: 'quarantined submission',
  approval: 'submission that waits for approval',
};

/**
 * Processes a submission that was quarantined (`spam`) or waits for approval, with its original timestamp. One that was stored meanwhile
 * under the same key, with the same content, is that submission.
 * @throws KildeError `not_found`; `conflict` where it was released before; what `submitForm` throws.
 */
export async function releaseSubmission(
  context: IntakeContext,
  { id, kind }: { id: string; kind: QuarantineKind },
): Promise<{ id: string }> {
  const isThis = and(eq(quarantine.id, id), eq(quarantine.kind, kind));
  const [held] = await context.db.select().from(quarantine).where(isThis);
  if (!held) throw notFound(names[kind]);
  if (held.status !== 'held')
    throw conflict(`The submission was ${kind === 'spam' ? 'released' : 'approved'} already. Its id is ${id}.`);
  const inbound = { ...readInbound(held.payload as InboundSubmission), contentHash: null };
  const stored = await submitForm(context, { inbound, release: true, isApproved: true });
  if (stored.id !== id) await context.db.$client.execute(markReleased({ id }));
  return { id: stored.id };
}
