import { toVisitKey } from '../../domain/attribution/visit-batch.ts';
import type { VisitBatch, VisitKey } from '../../domain/attribution/visit-batch.ts';
import type { Arrival } from '../../domain/attribution/types.ts';

/** Different visits that are held at most, and how long. */
const maxVisits = 250;
const maxWaitMs = 1_000;
/** The request that was to send them has gone under: the next one does. */
const overdueMs = 5_000;
/** In UTF-16 units, of three bytes at most: a message may have 128 KB. */
const maxLength = 32_000;

/**
 * Visits of an isolate on their way to the queue. Plain data alone is kept between requests, since none may wait for
 * another's input and output: the request that brings the first one waits a second, beside its answer, and sends what there is by then.
 */
export class VisitBuffer {
  #visits = new Map<string, { count: number; visit: VisitKey }>();
  #length = 0;
  #openedAt = 0;
  #send: (batch: VisitBatch) => Promise<unknown>;
  #wait: (milliseconds: number) => Promise<void>;
  #clock: () => number;
  #newId: () => string;

  constructor({
    send,
    wait,
    clock,
    newId,
  }: {
    send: (batch: VisitBatch) => Promise<unknown>;
    wait: (milliseconds: number) => Promise<void>;
    clock: () => number;
    newId: () => string;
  }) {
    this.#send = send;
    this.#wait = wait;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Takes an arrival. What comes back, if anything, is to be done in the background of this request. */
  add(arrived: { site: string; arrival: Arrival }): (() => Promise<void>) | null {
    const visit = toVisitKey(arrived);
    const key = JSON.stringify(visit);
    const isFirst = this.#visits.size === 0;
    if (isFirst) this.#openedAt = this.#clock();
    const known = this.#visits.get(key);
    if (known) known.count += 1;
    else {
      this.#visits.set(key, { count: 1, visit });
      this.#length += key.length;
    }
    if (this.#visits.size >= maxVisits || this.#length > maxLength) return () => this.flush();
    if (isFirst) return async () => this.#wait(maxWaitMs).then(() => this.flush());
    return this.#clock() - this.#openedAt > overdueMs ? () => this.flush() : null;
  }

  /** Sends what there is. */
  async flush(): Promise<void> {
    if (this.#visits.size === 0) return;
    const visits = [...this.#visits.values()].map(({ count, visit }): VisitBatch['visits'][number] => [
      count,
      ...visit,
    ]);
    this.#visits.clear();
    this.#length = 0;
    await this.#send({ id: this.#newId(), visits });
  }
}
