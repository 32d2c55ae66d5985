import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createDeps } from '../../src/deps.ts';
import { ratePolicies } from '../../src/http/limit-rate.ts';
import { consumeQueue } from '../../src/jobs/consume-queue.ts';

// What the platform is told in wrangler.toml, by the names under which the Worker knows it.

const text = (await readFile('wrangler.toml', 'utf8')).replaceAll(/^#.*$/gm, '');
/** The values of one key in every table of a name. */
const valuesOf = (table: string, key: string): string[] =>
  text
    .split(/^(?=\[)/m)
    .filter((part) => part.startsWith(`[[${table}]]`))
    .map((part) => new RegExp(`^${key} = "(.*)"`, 'm').exec(part)?.[1] ?? '');

const base = { LIBSQL_URL: 'http://127.0.0.1', JOURNEY_KEYS: 'dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4' };
const depsWith = (env: Record<string, unknown>) => createDeps({ ...base, ...env } as never);

test('every queue has a consumer, and a producer or a queue before it', async () => {
  const queues = valuesOf('queues.consumers', 'queue');
  expect(queues).toHaveLength(3);
  const fed = [...valuesOf('queues.producers', 'queue'), ...valuesOf('queues.consumers', 'dead_letter_queue')];
  expect(fed.filter(Boolean).toSorted()).toEqual(queues.toSorted());
  for (const queue of queues) {
    const said: string[] = [];
    const batch = { queue, messages: [], ackAll: () => said.push('ack'), retryAll: () => said.push('retry') };
    await consumeQueue({ deps: depsWith({}), batch: batch as never });
    expect([queue, said]).toEqual([queue, ['ack']]);
  }
});

test('every producer and every rate limit is a binding that the Worker takes up', async () => {
  const sent: unknown[] = [];
  const [visits, submissions] = valuesOf('queues.producers', 'binding');
  const deps = depsWith({
    [visits!]: { send: async () => sent.push('visits') },
    [submissions!]: { send: async () => sent.push('submissions') },
    ...Object.fromEntries(valuesOf('ratelimits', 'name').map((name) => [name, { name }])),
  });
  deps.visits.add({ site: 'default', arrival: { at: 0, utm: {}, clickIds: [] } as never });
  await deps.visits.flush();
  await deps.sendSubmission!({} as never);
  expect(sent).toEqual(['visits', 'submissions']);
  expect(Object.values(deps.limits).map((limit) => (limit as unknown as { name: string })?.name)).toEqual(
    valuesOf('ratelimits', 'name'),
  );
});

test('the limits are those that the answers name and the local start sets', () => {
  const given = text
    .split(/^(?=\[)/m)
    .filter((part) => part.startsWith('[[ratelimits]]'))
    .map((part) => {
      const [, binding, limit, period] = /^name = "(\w+)"[^]*limit = (\d+), period = (\d+)/m.exec(part) ?? [];
      return [binding, Number(limit), Number(period)];
    });
  expect(given).toEqual(
    Object.values(ratePolicies).map(({ binding, limit, periodSeconds }) => [binding, limit, periodSeconds]),
  );
});

test('what is away for hours does not wear a submission out', () => {
  const part = text
    .split(/^(?=\[)/m)
    .find((one) => /^queue = "kilde-submissions"$/m.test(one) && one.includes('max_retries'))!;
  expect(Number(/^max_retries = (\d+)$/m.exec(part)?.[1])).toBe(100);
  expect(Number(/^max_concurrency = (\d+)$/m.exec(part)?.[1])).toBe(1);
});
