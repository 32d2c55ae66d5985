import type { Database } from '../../db/client.ts';
import { intakeStatement, readIntakeOutcome } from '../../db/queries/capture/store-intake.ts';
import type { IntakeOutcome } from '../../db/queries/capture/store-intake.ts';
import { defineStatement } from '../../db/statement.ts';
import { conflict, KildeError, notFound } from '../../domain/errors.ts';
import type { InboundSubmission } from '../../domain/capture/lead.ts';
import type { CaptureSettings, FormWithSite, Settings } from '../capture-settings.ts';
import { isSameContent, storedKey } from './idempotency-key.ts';
import { prepareSubmission, readSender } from './prepare-lead.ts';
import type { Sender } from './prepare-lead.ts';
import { readPhone } from '../people/read-phone.ts';

/** Settings change seldom: preparing anew this often in a row means something else is wrong. */
const maxTries = 4;

export type IntakeContext = { db: Database; settings: CaptureSettings; clock: () => number };

/**
 * Takes one submission: resolves or creates person and company, and records the origin in force. One transaction and one round trip.
 * @param sender what is known of the sender already, by the form as it was then.
 * @param acknowledged the sender was told that it is stored: a key used for another submission is no reason to refuse it.
 * @returns the id under which it is stored: the earlier one where it was sent twice.
 * @throws KildeError `form_closed` where the form takes no more; `conflict` where the header's key was used for another submission.
 */
export async function submitForm(
  context: IntakeContext,
  {
    inbound,
    sender,
    release = false,
    isApproved = false,
    acknowledged = release,
  }: {
    inbound: InboundSubmission;
    sender?: Sender;
    release?: boolean;
    /** Somebody has looked at it: it is processed also where its form asks for approval. */
    isApproved?: boolean;
    acknowledged?: boolean;
  },
): Promise<{ id: string; duplicate: boolean; outcome: IntakeOutcome }> {
  const { db } = context;
  let withContent = false;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const { settings, form } = await openForm(context, { key: inbound.formKey, at: inbound.at, release });
    const mailDomains = await context.settings.mailDomains();
    const known = sender?.form === form ? sender : readSender({ inbound, form });
    const intake = prepareSubmission({
      inbound,
      sender: known,
      phone: await readPhone(context, { text: known.lead.phone, site: form.site }),
      idempotencyKey: await storedKey({ inbound, sender: known }, { withContent }),
      settings,
      mailDomains,
      now: context.clock(),
      release,
      acknowledged,
    });
    const outcome =
      form.mode === 'manualIfUnknown' && !isApproved
        ? await (await import('./forms/store-for-approval.ts')).storeForApproval(context, { intake, inbound })
        : readIntakeOutcome({ row: (await db.$client.execute(intakeStatement(intake))).rows[0]!, intake });
    switch (outcome.state) {
      case 'stored':
        return { id: intake.id, duplicate: false, outcome };
      case 'duplicate': {
        const isOther = await isUsedByOther(context, { inbound, sender: known, withContent });
        if (!isOther) return { id: outcome.submissionId, duplicate: true, outcome };
        if (!acknowledged) throw usedKey();
        withContent = true;
        break;
      }
      case 'waiting':
        return { id: outcome.submissionId, duplicate: outcome.submissionId !== intake.id, outcome };
      case 'closed':
        throw new KildeError('form_closed', 'This form takes no more submissions.');
      case 'stale':
        context.settings.invalidate();
    }
  }
  throw conflict('The settings keep changing; send it again.');
}

const findUnderKey = defineStatement(`
  SELECT fields FROM submission WHERE form_id = :formId AND idempotency_key = :key
  UNION ALL
  SELECT payload ->> '$.fields' FROM quarantine WHERE form_id = :formId AND idempotency_key = :key AND status = 'held'
  LIMIT 1`);

/** Whether the key of a header stands for a submission with other content. Asked only where something was found under it. */
export async function isUsedByOther(
  { db }: Pick<IntakeContext, 'db'>,
  { inbound, sender, withContent }: { inbound: InboundSubmission; sender: Sender; withContent: boolean },
): Promise<boolean> {
  if (withContent || inbound.idempotencyKey === null || inbound.idempotencyKeyFrom === 'field') return false;
  const key = await storedKey({ inbound, sender });
  const { rows } = await db.$client.execute(findUnderKey({ formId: sender.form.id, key }));
  const stored = rows[0]?.['fields'];
  if (typeof stored !== 'string') return false;
  return !isSameContent({ inbound, sender, stored: JSON.parse(stored) as InboundSubmission['fields'] });
}

export function usedKey(): KildeError {
  return conflict(
    'The Idempotency-Key was used for a submission with other content. Send each submission with a key of its own.',
  );
}

/**
 * The form by its key, where it takes submissions at that time.
 * @throws KildeError `not_found`, or `form_closed`.
 */
export async function openForm(
  { settings: cache }: IntakeContext,
  { key, at, release = false }: { key: string; at: number; release?: boolean },
): Promise<{ settings: Settings; form: FormWithSite }> {
  // What was taken while the form was open stays taken: a release does not ask again.
  const isClosed = ({ enabled, closesAt }: FormWithSite): boolean =>
    !release && (!enabled || (closesAt !== null && at >= closesAt));
  let known = await cache.withForm(key);
  // It may have been opened since it was read.
  if (known.form && isClosed(known.form)) known = await cache.readForm(key);
  const { settings, form } = known;
  if (!form) throw notFound('form');
  if (isClosed(form)) throw new KildeError('form_closed', 'This form takes no more submissions.');
  return { settings, form };
}
