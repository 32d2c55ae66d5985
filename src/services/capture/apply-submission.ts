import * as z from 'zod';
import { readInbound } from '../../domain/capture/lead.ts';
import { takesJourneyOf } from '../capture-settings.ts';
import { checkTurnstile } from './check-turnstile.ts';
import { findErased, withoutErased } from '../people/erased-addresses.ts';
import type { ErasureContext } from '../people/erased-addresses.ts';
import { dropFiles, nameFiles } from './files/name-files.ts';
import { refuseOrigin } from './page-hosts.ts';
import { identifySender, readSender } from './prepare-lead.ts';
import type { Sender } from './prepare-lead.ts';
import { quarantineSubmission } from './quarantine/quarantine-submission.ts';
import type { QueuedSubmission } from './queue-submission.ts';
import { whySuspect } from './read-submission.ts';
import { readPhone } from '../people/read-phone.ts';
import { openForm, submitForm } from './submit-form.ts';
import type { IntakeContext } from './submit-form.ts';

/** Enough of a message's shape to tell it from something else: it was made by this very code. */
const queuedShape = z.object({
  inbound: z.looseObject({
    id: z.uuid(),
    formKey: z.string(),
    at: z.number(),
    fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    journey: z.array(z.looseObject({ at: z.number() })),
  }),
  reasons: z.array(z.string()),
  unjudged: z.looseObject({ control: z.looseObject({}), userAgent: z.string() }).nullable(),
});

/** A message as a submission, or null where it is none. */
export function readQueued(body: unknown): QueuedSubmission | null {
  if (!queuedShape.safeParse(body).success) return null;
  const queued = body as QueuedSubmission;
  return { ...queued, inbound: readInbound(queued.inbound) };
}

type Context = IntakeContext & ErasureContext & Parameters<typeof checkTurnstile>[0]['deps'];

/**
 * Stores a submission that was queued, as of its own time; one that is stored already stays as it is, one whose sender has been
 * erased since is dropped. What was taken while a form
 * was open stays taken; where nobody could ask the form then, it is asked now, as it was at that time.
 * @throws KildeError `not_found`, `form_closed`, `forbidden`, `invalid_input`.
 */
export async function applySubmission(
  context: Context,
  { inbound: captured, reasons, unjudged }: QueuedSubmission,
): Promise<{ id: string }> {
  // Erased while it waited: storing it would bring the person, or what others wrote of them, back.
  const { data: living, erased } = await withoutErased(context, { data: captured, at: captured.at });
  const { form } = await openForm(context, { key: captured.formKey, at: captured.at, release: !unjudged });
  const refused = unjudged?.sentFrom ? refuseOrigin(form, unjudged.sentFrom) : null;
  if (refused) throw refused;
  const asSent = readSender({ inbound: captured, form });
  const { email } = identifySender(asSent, { mustCorrect: false });
  const isErased =
    email === null ? await isErasedPhone(context, { sender: asSent, at: captured.at }) : erased.includes(email);
  if (isErased) {
    await dropFiles(context, captured);
    return { id: captured.id };
  }
  const isOtherSites = unjudged !== null && !takesJourneyOf(form.site, unjudged.journeySite ?? null);
  const inbound = isOtherSites ? { ...living, journey: [] } : living;
  const sender = readSender({ inbound, form });
  await nameFiles(context, inbound);
  if (!unjudged && reasons.length === 0) return submitForm(context, { inbound, sender, release: true });
  const found = unjudged ? await judge(context, { unjudged, sender }) : reasons;
  if (found.length > 0) return quarantineSubmission(context, { inbound, sender, reasons: found, acknowledged: true });
  return submitForm(context, { inbound, sender, acknowledged: true });
}

/** Whether a sender without an address was erased since. */
async function isErasedPhone(context: Context, { sender, at }: { sender: Sender; at: number }): Promise<boolean> {
  const phone = await readPhone(context, { text: sender.lead.phone, site: sender.form.site });
  return phone !== null && (await findErased(context, { identities: [phone], at })).length > 0;
}

async function judge(
  context: Context,
  {
    unjudged: { control, userAgent },
    sender,
  }: {
    unjudged: NonNullable<QueuedSubmission['unjudged']>;
    sender: Sender;
  },
): Promise<string[]> {
  const captcha = sender.form.turnstile
    ? await checkTurnstile({ deps: context, token: control.turnstileToken, address: undefined })
    : 'notAsked';
  const mailDomains = await context.settings.mailDomains();
  return whySuspect({ sender, control, captcha, userAgent, mailDomains });
}
