import { isPlaceholder } from '../../domain/attribution/placeholders.ts';
import { collectParameters } from '../../domain/attribution/read-parameters.ts';
import type { Journey } from '../../domain/attribution/types.ts';
import type { MailDomains } from '../../domain/hosts/mail-domains.ts';
import { controlNameOf, isOriginName, splitFields } from '../../domain/capture/reserved-fields.ts';
import type { FormFields } from '../../domain/capture/reserved-fields.ts';
import { suspectSpam } from '../../domain/capture/suspect-spam.ts';
import type { CaptchaOutcome, SpamReason } from '../../domain/capture/suspect-spam.ts';
import type { InboundSubmission } from '../../domain/capture/lead.ts';
import type { Sender } from './prepare-lead.ts';

const maxUrlLength = 8_000;

/** What a form says beside its answers. */
export type SubmissionControl = {
  next: string | undefined;
  honeypot: string | undefined;
  /** Milliseconds from opening the page to sending the form; null where the page did not say. */
  elapsedMs: number | null;
  turnstileToken: string | undefined;
};

/** Parts a form into its answers, its origin, and what steers Kilde. */
export async function readSubmission({
  deps,
  id,
  formKey,
  at,
  fields,
  honeypotField,
  journeyTokens,
  takesJourneyOf,
  referer,
  pageOrigin = null,
  idempotencyKey,
}: {
  deps: { signer: { read(token: string): Promise<{ journey: Journey; site: string | null } | null> } };
  id: string;
  formKey: string;
  at: number;
  fields: FormFields;
  honeypotField: string;
  /** Tokens of journeys, the one to be preferred first. */
  journeyTokens: string[];
  /** Whether the form takes journeys that were signed for a site. */
  takesJourneyOf: (site: string | null) => boolean;
  referer: string | null;
  pageOrigin?: string | null;
  idempotencyKey: string | null;
}): Promise<{ inbound: InboundSubmission; control: SubmissionControl; journeySite: string | null }> {
  const { control, visible } = splitFields(fields);
  const honeypot = control[honeypotField.toLowerCase()] ?? [visible[honeypotField]].flat()[0];
  // A field of the site's own choosing that only programs fill is no answer of anybody's.
  if (honeypotField in visible) delete visible[honeypotField];
  const signed = (await Promise.all(journeyTokens.map(async (token) => deps.signer.read(token)))).find(
    (one) => one !== null && takesJourneyOf(one.site),
  );
  const inbound: InboundSubmission = {
    id,
    formKey,
    at,
    fields: { ...visible, ...placeholderFields(fields) },
    journey: signed?.journey ?? [],
    hiddenOrigin: hiddenOrigin(fields),
    page: (control['_page'] || referer)?.slice(0, maxUrlLength) ?? null,
    referrer: control['_ref']?.slice(0, maxUrlLength) || null,
    pageOrigin: pageOrigin?.slice(0, maxUrlLength) ?? null,
    idempotencyKey: idempotencyKey || control['_id'] || null,
    idempotencyKeyFrom: idempotencyKey ? 'header' : 'field',
    contentHash: null,
  };
  const elapsed = control['_t'] ? Number(control['_t']) : Number.NaN;
  return {
    inbound,
    journeySite: signed?.site ?? null,
    control: {
      next: control['_next'],
      honeypot,
      elapsedMs: Number.isFinite(elapsed) && elapsed >= 0 ? elapsed : null,
      turnstileToken: control['cf-turnstile-response'],
    },
  };
}

/** Utm values and click ids that came as fields, read by the same rules as those of an address. */
function hiddenOrigin(fields: FormFields): InboundSubmission['hiddenOrigin'] {
  const named = originFields(fields).toSorted((a, b) => Number(a.isWrapped) - Number(b.isWrapped));
  const { utm, clickIds } = collectParameters(
    named.flatMap(({ name, values }) => values.map((one) => [name, one] as const)),
  );
  return clickIds.length > 0 || Object.values(utm).some((value) => value !== null) ? { utm, clickIds } : null;
}

/** Placeholder texts in fields of the origin decide nothing. They stay among the answers, since nothing that was sent is lost. */
function placeholderFields(fields: FormFields): FormFields {
  const isText = (value: string): boolean => value.trim() !== '' && isPlaceholder(value);
  return Object.fromEntries(
    originFields(fields).flatMap(({ sent, values }) => (values.some(isText) ? [[sent, fields[sent]!]] : [])),
  );
}

type OriginField = { name: string; sent: string; values: string[]; isWrapped: boolean };

/** The fields that say where the visitor came from, in their order. */
function originFields(fields: FormFields): OriginField[] {
  return Object.entries(fields).flatMap(([sent, value]) => {
    const name = controlNameOf(sent);
    if (name === null || !isOriginName(name)) return [];
    return [{ name, sent, values: [value].flat(), isWrapped: name !== sent.toLowerCase() }];
  });
}

/** Why a submission should be looked at before it counts; empty where nothing speaks against it. */
export function whySuspect({
  sender: { address, form },
  control,
  captcha,
  userAgent,
  mailDomains,
}: {
  sender: Sender;
  control: SubmissionControl;
  captcha: CaptchaOutcome;
  userAgent: string;
  mailDomains: MailDomains;
}): SpamReason[] {
  return suspectSpam({
    honeypot: control.honeypot,
    elapsedMs: control.elapsedMs,
    minimumMs: form.minimumSeconds * 1_000,
    userAgent,
    emailDomain: address.ok ? address.domain : null,
    captcha,
    mailDomains,
  });
}
