import type { Journey, Utm, ClickId } from './attribution/types.ts';

/**
 * A submission as it came in, before any rule is applied: plain JSON, so that it can be held back or queued and be
 * processed later as of its own time. Holds no address of the visitor's network and no user agent.
 */
export type InboundSubmission = {
  /** UUIDv7, given when it came in. */
  id: string;
  formKey: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** The visitor's answers, every one as sent. */
  fields: Record<string, string | string[]>;
  journey: Journey;
  /** Utm values and click id sent as fields of the form; null where there were none. */
  hiddenOrigin: { utm: Utm; clickId: ClickId | null } | null;
  /** URL of the page that holds the form, with its query; null where the browser did not say. */
  page: string | null;
  /** Referrer of that page. */
  referrer: string | null;
  /** Origin of the page as the browser names it, `https://firma.no`; null or left out where no browser page sent the form. */
  pageOrigin?: string | null;
  idempotencyKey: string | null;
  /** Where the key came from: the header `Idempotency-Key` (also where unset), or the field `_id`. */
  idempotencyKeyFrom?: 'header' | 'field';
  /** Set where a second click is to be recognised by its content. */
  contentHash: string | null;
};
