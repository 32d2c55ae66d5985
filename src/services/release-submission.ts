import { eq } from 'drizzle-orm';
import { quarantine } from '../db/schema/forms.ts';
import { defineStatement } from '../db/statement.ts';
import { conflict, notFound } from '../domain/errors.ts';
import { readInbound } from '../domain/lead.ts';
import type { InboundSubmission } from '../domain/lead.ts';
import { submitForm } from './submit-form.ts';
import type { IntakeContext } from './submit-form.ts';

const markReleased = defineStatement(`UPDATE quarantine SET status = 'released', payload = 'null' WHERE id = :id`);

/**
 * Lets a quarantined submission through, with its original timestamp. One that was stored meanwhile under the same key, with the same
 * content, is that submission.
 * @throws KildeError `not_found`; `conflict` where it was released before; what `submitForm` throws.
 */
export async function releaseSubmission(context: IntakeContext, { id }: { id: string }): Promise<{ id: string }> {
  const [held] = await context.db.select().from(quarantine).where(eq(quarantine.id, id));
  if (!held) throw notFound('quarantined submission');
  if (held.status !== 'held') throw conflict('It has been released already.');
  const inbound = { ...readInbound(held.payload as InboundSubmission), contentHash: null };
  const stored = await submitForm(context, { inbound, release: true });
  if (stored.id !== id) await context.db.$client.execute(markReleased({ id }));
  return { id: stored.id };
}
