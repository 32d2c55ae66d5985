import type { InStatement } from '@libsql/client/http';
import type { Database } from '../../db/client.ts';
import { claimReceiver, forgetReceiver, storeReceiver } from '../../db/queries/deliveries/receivers.ts';
import type { StatementArgs } from '../../db/statement.ts';
import {
  chooseReceivers,
  claimSize,
  giveUpAfterMs,
  maxInFlight,
  Round,
} from '../../domain/deliveries/receiver-state.ts';
import type { DueReceiver, ReceiverState } from '../../domain/deliveries/receiver-state.ts';
import { leaseMs, retryDelay } from '../../domain/deliveries/retry-delays.ts';
import type { SendResult } from '../../domain/deliveries/send-result.ts';
import { toIso } from '../../domain/iso-time.ts';
import { createSlots } from './slots.ts';
import type { UseSlot } from './slots.ts';

/** No delivery is begun later than this after a run has started: the next run, a minute later, goes on. */
const runMs = 45_000;
/** Receivers looked after at a time; what is in flight is bounded by `maxInFlight`. */
const receiversAtOnce = 2 * maxInFlight;

/** A delivery that this run alone tries. `attempts` counts this try. */
export type Claimed = { id: number; attempts: number; lastError: string | null; send: () => Promise<SendResult> };

type Statement = (args: StatementArgs) => InStatement;

/** A kind of deliveries: events, or reports and notifications. */
export type DeliverySource = {
  /** Receivers with deliveries that are due: takes `now`, rows are `DueReceiver`s. */
  find: Statement;
  claim: (input: { address: string; now: number; lease: number; limit: number }) => Promise<Claimed[]>;
  /** Takes `now` and `results`. */
  finish: Statement;
  /** Gives up what waits for an address (`address`, `now`, `error`), at most what is older than `before`. */
  giveUp: Statement;
  /** What else is done where the receiver of an address is gone. */
  onGone: Statement | null;
};

type Context = { db: Database; clock: () => number };
type Run = Context & { useSlot: UseSlot; until: number };

/**
 * Sends what is due. Each receiver is looked after by itself, by one run at a time: one that fails or hangs delays none of the
 * others. Its state is stored while it fails, so that no isolate tries it before its time.
 * @param only these addresses; all where it is left out.
 * @throws the first fault of the database, after all receivers have been looked after.
 */
export async function deliverDue(
  { db, clock }: Context,
  {
    sources,
    only,
    useSlot = createSlots(maxInFlight),
  }: { sources: readonly DeliverySource[]; only?: readonly string[]; useSlot?: UseSlot },
): Promise<void> {
  const now = clock();
  const run: Run = { db, clock, useSlot, until: now + runMs };
  const found = await db.$client.batch(
    sources.map(({ find }) => find({ now })),
    'read',
  );
  const due = new Map<string, { receiver: DueReceiver; sources: DeliverySource[] }>();
  for (const [n, { rows }] of found.entries()) {
    for (const receiver of rows as unknown as DueReceiver[]) {
      if (only && !only.includes(receiver.address)) continue;
      const known = due.get(receiver.address);
      if (known) known.sources.push(sources[n]!);
      else due.set(receiver.address, { receiver, sources: [sources[n]!] });
    }
  }
  const chosen = chooseReceivers(
    [...due.values()].map(({ receiver }) => receiver),
    now,
  );
  const atATime = createSlots(receiversAtOnce);
  const ends = await Promise.allSettled(
    chosen.map(async ({ address }) => atATime(() => sendTo(run, { address, sources: due.get(address)!.sources }))),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Sends all that is due to one address, unless another run does. */
async function sendTo(
  run: Run,
  { address, sources }: { address: string; sources: readonly DeliverySource[] },
): Promise<void> {
  const { db, clock } = run;
  const lease = clock() + leaseMs;
  const { rows } = await db.$client.execute(claimReceiver({ address, lease, now: clock() }));
  if (rows.length === 0) return;
  const before = { ...rows[0], isGone: Boolean(rows[0]!['isGone']) } as unknown as ReceiverState;
  let state = before;
  try {
    if (state.isGone) {
      const error = `${state.lastError} Nothing is sent to it until somebody asks for it: retry a delivery, or change the target.`;
      await db.$client.batch(
        sources.map(({ giveUp }) => giveUp({ address, now: clock(), error })),
        'write',
      );
      return;
    }
    for (const source of sources) {
      state = await sendAll(run, { address, source, state, lease });
      if (state.failures > 0) break;
    }
  } finally {
    if (state.failures > 0 && state !== before) noteFailure(address, state);
    await db.$client.execute(
      state.failures === 0
        ? forgetReceiver({ address, lease })
        : storeReceiver({ address, lease, ...state, isGone: Number(state.isGone) }),
    );
  }
}

/** Sends round after round, until nothing is due, the receiver fails or the run's time is over. */
async function sendAll(
  run: Run,
  {
    address,
    source,
    state: before,
    lease,
  }: { address: string; source: DeliverySource; state: ReceiverState; lease: number },
): Promise<ReceiverState> {
  const { db, clock } = run;
  let state = before;
  while (clock() < run.until) {
    const claimed = await source.claim({ address, now: clock(), lease, limit: claimSize(state) });
    if (claimed.length === 0) break;
    const round = new Round();
    const results = await sendRound(run, { claimed, round });
    const now = clock();
    state = round.end(state, now);
    const rows = claimed.map((one) => endOf(one, { result: results.get(one.id), state, now }));
    const { failingSince, isGone, lastError } = state;
    const hasFailedTooLong = failingSince !== null && failingSince <= now - giveUpAfterMs;
    const error = `${lastError} It has failed since ${toIso(failingSince ?? now)}.`;
    await db.$client.batch(
      [
        source.finish({ now, results: JSON.stringify(rows) }),
        ...(isGone && source.onGone ? [source.onGone({ address })] : []),
        ...(hasFailedTooLong ? [source.giveUp({ address, now, before: now - giveUpAfterMs, error })] : []),
      ],
      'write',
    );
    if (state.failures > 0) break;
  }
  return state;
}

/** Sends what was claimed, as many at a time as the round allows. @returns results by id; what was not sent has none. */
async function sendRound(
  { useSlot, clock, until }: Run,
  { claimed, round }: { claimed: readonly Claimed[]; round: Round },
): Promise<Map<number, SendResult>> {
  const results = new Map<number, SendResult>();
  const inFlight = new Set<Promise<void>>();
  const mayBegin = () => round.width > 0 && clock() < until;
  let next = 0;
  const sendOne = async (one: Claimed): Promise<void> => {
    // The receiver can have failed while this waited for its slot.
    if (!mayBegin()) return;
    const result = await one.send();
    results.set(one.id, result);
    round.add(result);
  };
  for (;;) {
    while (next < claimed.length && inFlight.size < round.width && clock() < until) {
      const one = claimed[next]!;
      next += 1;
      const sending: Promise<void> = useSlot(async () => sendOne(one)).finally(() => inFlight.delete(sending));
      inFlight.add(sending);
    }
    if (inFlight.size === 0) return results;
    await Promise.race(inFlight);
  }
}

function endOf(
  { id, attempts, lastError }: Claimed,
  { result, state, now }: { result: SendResult | undefined; state: ReceiverState; now: number },
) {
  // Claimed and not sent: as it was before.
  if (!result) return { id, status: 'pending', attempts: attempts - 1, nextAt: now, error: lastError };
  if (result.ok) return { id, status: 'delivered', attempts, error: null };
  const delay = result.isFinal || result.fault === 'gone' ? null : retryDelay(attempts);
  if (delay === null) return { id, status: 'dead', attempts, error: result.error };
  // Asked to wait, it waits; where others got through, for its own time.
  const nextAt = result.fault === 'message' ? now + delay : Math.max(now + delay, state.retryAt);
  return { id, status: 'pending', attempts, nextAt, error: result.error };
}

/** One line for each time that a receiver fails: its host, never path or query. */
function noteFailure(address: string, { failures, retryAt, lastError, isGone }: ReceiverState): void {
  const name = URL.canParse(address) ? new URL(address).host : address;
  const then = isGone ? 'Nothing more is sent to it.' : `Next try after ${toIso(retryAt)}.`;
  console.warn(`delivery to ${name} failed (${failures} in a row): ${lastError} ${then}`);
}
