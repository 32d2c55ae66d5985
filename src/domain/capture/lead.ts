import type { KeptFile } from './file-rules.ts';
import type { ClickId, Journey, Utm } from '../attribution/types.ts';

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
  /** Utm values and click ids sent as fields of the form; null where there were none. */
  hiddenOrigin: { utm: Utm; clickIds: ClickId[] } | null;
  /** URL of the page that holds the form, with its query; null where the browser did not say. */
  page: string | null;
  /** Referrer of that page. */
  referrer: string | null;
  /** Origin of the page as the browser names it, `https://firma.no`; null or left out where no browser page sent the form. */
  pageOrigin?: string | null;
  /**
   * Address of the form as it was sent to it, `https://edge.example.com/f/contact`: the link by which a consent is confirmed leads below
   * it. Left out where the form asks for no such consent.
   */
  formUrl?: string;
  /** Files that came with it and are stored. */
  files?: KeptFile[];
  idempotencyKey: string | null;
  /** Where the key came from: the header `Idempotency-Key` (also where unset), or the field `_id`. */
  idempotencyKeyFrom?: 'header' | 'field';
  /** Set where a second click is to be recognised by its content. */
  contentHash: string | null;
};

/**
 * A submission that was queued or quarantined. Before an arrival had all its click ids it had one alone, under `clickId`: that one is
 * read as the list.
 */
export function readInbound(stored: InboundSubmission): InboundSubmission {
  const { hiddenOrigin, journey } = stored;
  return { ...stored, hiddenOrigin: hiddenOrigin && withClickIds(hiddenOrigin), journey: journey.map(withClickIds) };
}

function withClickIds<Marked extends { clickIds: ClickId[] }>(marked: Marked & { clickId?: ClickId | null }): Marked {
  if (marked.clickIds as ClickId[] | undefined) return marked;
  const { clickId, ...rest } = marked;
  return { ...rest, clickIds: clickId ? [clickId] : [] } as unknown as Marked;
}
