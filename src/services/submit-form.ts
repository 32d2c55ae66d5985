import type { Database } from '../db/client.ts';
import { intakeStatement, readIntakeOutcome } from '../db/queries/store-intake.ts';
import type { Intake, IntakeOutcome } from '../db/queries/store-intake.ts';
import { conflict, KildeError, notFound } from '../domain/errors.ts';
import type { InboundSubmission } from '../domain/lead.ts';
import type { CaptureSettings, FormWithSite, Settings } from './capture-settings.ts';
import { prepareSubmission, readSender } from './prepare-lead.ts';
import type { Sender } from './prepare-lead.ts';

/** Settings change seldom: preparing anew this often in a row means something else is wrong. */
const maxTries = 4;

export type IntakeContext = { db: Database; settings: CaptureSettings; clock: () => number };

/**
 * Stores a lead in one transaction and one round trip.
 * @param prepare is asked again where the settings changed between reading and storing.
 * @returns the id under which it is stored: the earlier one where it was sent twice.
 * @throws KildeError `form_closed` where the form takes no more.
 */
export async function storeLead(
  { db, settings }: IntakeContext,
  prepare: () => Promise<Intake>,
): Promise<{ id: string; duplicate: boolean; outcome: IntakeOutcome }> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const intake = await prepare();
    const { rows } = await db.$client.execute(intakeStatement(intake));
    const outcome = readIntakeOutcome({ row: rows[0]!, intake });
    switch (outcome.state) {
      case 'stored':
        return { id: intake.id, duplicate: false, outcome };
      case 'duplicate':
        return { id: outcome.submissionId, duplicate: true, outcome };
      case 'closed':
        throw new KildeError('form_closed', 'This form takes no more submissions.');
      case 'stale':
        settings.invalidate();
    }
  }
  throw conflict('The settings keep changing; send it again.');
}

/**
 * Takes one submission: resolves or creates person and company, and records the origin in force.
 * @param sender what is known of the sender already, by the form as it was then.
 */
export async function submitForm(
  context: IntakeContext,
  { inbound, sender, release = false }: { inbound: InboundSubmission; sender?: Sender; release?: boolean },
): Promise<{ id: string; duplicate: boolean; outcome: IntakeOutcome }> {
  return storeLead(context, async () => {
    const { settings, form } = await openForm(context, { key: inbound.formKey, at: inbound.at, release });
    const mailDomains = await context.settings.mailDomains();
    return prepareSubmission({
      inbound,
      sender: sender?.form === form ? sender : readSender({ inbound, form }),
      settings,
      mailDomains,
      now: context.clock(),
      release,
    });
  });
}

/**
 * The form by its key, where it takes submissions at that time.
 * @throws KildeError `not_found`, or `form_closed`.
 */
export async function openForm(
  { settings: cache }: IntakeContext,
  { key, at, release = false }: { key: string; at: number; release?: boolean },
): Promise<{ settings: Settings; form: FormWithSite }> {
  const { settings, form } = await cache.withForm(key);
  if (!form) throw notFound('form');
  // What was taken while the form was open stays taken: a release does not ask again.
  const closed = !form.enabled || (form.closesAt !== null && at >= form.closesAt);
  if (closed && !release) throw new KildeError('form_closed', 'This form takes no more submissions.');
  return { settings, form };
}
