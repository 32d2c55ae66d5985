/**
 * How one try ended. What a failure says of the receiver:
 * - `silent`: it was not reached, did not answer in time, or asked to be left alone;
 * - `refusal`: it answered, and did not accept this delivery;
 * - `gone`: it answered 410, and wants nothing more;
 * - `message`: nothing; the fault is the delivery's own, or ours.
 */
export type SendResult =
  | { ok: true }
  | {
      ok: false;
      error: string;
      fault: 'silent' | 'refusal' | 'gone' | 'message';
      /** No further try of this delivery can help. */
      isFinal?: boolean;
      /** The receiver's own Retry-After. */
      retryAfterMs?: number | undefined;
    };
