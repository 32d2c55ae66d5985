import type { SendResult } from './send-result.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long a failing receiver is left alone, by how often it has failed in a row. The last holds for all further failures. */
const intervals = [5 * second, minute, 5 * minute, 15 * minute, 30 * minute, hour] as const;

/** The longest that a receiver's own Retry-After is followed. */
const maxRetryAfterMs = 24 * hour;

/** What waits this long for a receiver that has failed all the while is given up; longer than one delivery's own tries take. */
export const giveUpAfterMs = 96 * hour;

/** Sent to at the same time, of all receivers: a Worker has six connections, and the database needs one. */
export const maxInFlight = 5;
/** Of one receiver. Until it has answered in this run it is sent one delivery alone, so that one that hangs takes one connection. */
const maxInFlightOfReceiver = 4;
/** Claimed at once of one receiver. */
const maxClaimed = 50;
/** So many answers in a row that refuse a delivery, and the receiver is left alone. */
const maxRefusals = 3;

/** How sending to one address goes. Stored while it fails, so that every isolate respects it. */
export type ReceiverState = {
  /** Rounds that failed in a row; 0 where it is well. */
  failures: number;
  failingSince: number | null;
  /** Nothing is sent before. */
  retryAt: number;
  lastError: string | null;
  /** It has answered 410 Gone. */
  isGone: boolean;
};

export const wellReceiver: ReceiverState = {
  failures: 0,
  failingSince: null,
  retryAt: 0,
  lastError: null,
  isGone: false,
};

/** An address with deliveries that are due, its state, and until when another run has it. */
export type DueReceiver = { address: string; failures: number; retryAt: number; leaseUntil: number };

/**
 * Which receivers are sent to now, and in which order: those that answer before those that fail, so that the tries of failing
 * ones take no connection first. One that is left alone, or that another run sends to, is none of them.
 */
export function chooseReceivers(due: readonly DueReceiver[], now: number): DueReceiver[] {
  return due
    .filter(({ retryAt, leaseUntil }) => retryAt <= now && leaseUntil <= now)
    .toSorted((a, b) => a.failures - b.failures);
}

/** How many deliveries to claim: one alone tries a receiver that has failed. */
export function claimSize({ failures }: Pick<ReceiverState, 'failures'>): number {
  return failures > 0 ? 1 : maxClaimed;
}

/** What the answers of one round say of a receiver, while they come in. */
export class Round {
  #isAnswered = false;
  #hasSucceeded = false;
  #refusalsInRow = 0;
  #isUnwell = false;
  #last: Exclude<SendResult, { ok: true }> | null = null;
  #retryAfterMs = 0;
  #isGone = false;

  add(result: SendResult): void {
    if (result.ok) {
      this.#isAnswered = true;
      this.#hasSucceeded = true;
      this.#refusalsInRow = 0;
      return;
    }
    if (result.fault === 'message') return;
    this.#last = result;
    this.#retryAfterMs = Math.max(this.#retryAfterMs, Math.min(result.retryAfterMs ?? 0, maxRetryAfterMs));
    this.#isGone ||= result.fault === 'gone';
    if (result.fault === 'refusal') {
      this.#isAnswered = true;
      this.#refusalsInRow += 1;
    }
    this.#isUnwell ||= result.fault !== 'refusal' || this.#refusalsInRow >= maxRefusals;
  }

  /** How many may be in flight now; 0 where nothing more is to be sent in this round. */
  get width(): number {
    if (this.#isUnwell) return 0;
    return this.#isAnswered ? maxInFlightOfReceiver : 1;
  }

  /** The receiver's state after this round. */
  end(before: ReceiverState, now: number): ReceiverState {
    if (this.#last === null) return this.#hasSucceeded ? wellReceiver : before;
    if (this.#hasSucceeded && !this.#isUnwell) return wellReceiver;
    const { failures, failingSince } = this.#hasSucceeded ? wellReceiver : before;
    const interval = intervals[Math.min(failures, intervals.length - 1)]!;
    return {
      failures: failures + 1,
      failingSince: failingSince ?? now,
      retryAt: now + Math.max(interval, this.#retryAfterMs),
      lastError: this.#last.error,
      isGone: this.#isGone,
    };
  }
}

/** Why a delivery waits that was not tried itself. */
export const notTriedBecause = (error: string): string => `Not tried yet, since the receiver fails: ${error}`;

/** When a pending delivery is tried next, as answers show it: not in the past, and not while its receiver is left alone. */
export function nextTry({ nextAt, retryAt, now }: { nextAt: number; retryAt: number | null; now: number }): number {
  return Math.max(nextAt, retryAt ?? 0, now);
}

/** Retry-After as milliseconds: seconds, or a date (RFC 9110, 10.2.3). Undefined where it is neither. */
export function parseRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const trimmed = text.trim();
  if (/^\d{1,10}$/.test(trimmed)) return Number(trimmed) * second;
  const at = /[a-z]/i.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isFinite(at) ? Math.max(0, at - now) : undefined;
}
