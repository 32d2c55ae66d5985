import { submissionContent } from '../../domain/capture/submission-content.ts';
import type { InboundSubmission } from '../../domain/capture/lead.ts';
import { sha256Hex } from '../../domain/sha256-hex.ts';
import { readSender } from './prepare-lead.ts';
import type { Sender } from './prepare-lead.ts';

/** A longer key, and one with control characters, is stored as its hash. */
const maxKeyLength = 200;
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f]/;

/** Stands between a key and the hash of the content; the trigger `submission_key_reused` looks for it. */
const separator = '\n';

/**
 * The key under which a submission is stored, once per form.
 *
 * The header `Idempotency-Key` is stored as it is: another submission with it is a conflict. A field `_id` may be fixed in the page
 * by mistake, so it is stored with a hash of the content: another sender is another submission.
 * @param withContent stores a header's key as that of a field, where the submission must not be refused.
 */
export async function storedKey(
  { inbound, sender }: { inbound: InboundSubmission; sender: Sender },
  { withContent = false }: { withContent?: boolean } = {},
): Promise<string | null> {
  const { idempotencyKey: sent, idempotencyKeyFrom } = inbound;
  if (sent === null) return null;
  const key = sent.length > maxKeyLength || control.test(sent) ? `sha256:${await sha256Hex(sent)}` : sent;
  if (idempotencyKeyFrom !== 'field' && !withContent) return key;
  return `${key}${separator}${await sha256Hex(contentOf({ fields: inbound.fields, sender }))}`;
}

/** Whether the answers stored under a key are those of this submission. */
export function isSameContent({
  inbound,
  sender,
  stored,
}: {
  inbound: InboundSubmission;
  sender: Sender;
  stored: InboundSubmission['fields'];
}): boolean {
  const before = readSender({ inbound: { ...inbound, fields: stored }, form: sender.form });
  return contentOf({ fields: stored, sender: before }) === contentOf({ fields: inbound.fields, sender });
}

function contentOf({
  fields,
  sender: { address, lead },
}: {
  fields: InboundSubmission['fields'];
  sender: Sender;
}): string {
  return submissionContent({ fields, email: address.ok ? address.email : null, emailField: lead.mappedFrom.email });
}
