import { bounds } from '../src/domain/bounds.ts';

/** What a read-only key may ask for, each at its bound. */
const criteria = {
  entity: 'person',
  count: true,
  where: {
    all: Array.from({ length: Math.floor(bounds.criteriaCost.most / 125) }, (_, more) => ({
      has: 'touch',
      count: { gte: 2 + more },
    })),
  },
};
const exported = { entity: 'person', format: 'csv', columns: ['email', 'firstTouch.source', 'leadCreation.campaign'] };

/** Different paths of four touches. */
function pathsOf({ paths, channels }: { paths: number; channels: number }) {
  return Array.from({ length: paths }, (_, path) => ({
    touches: Array.from({ length: 4 }, (_, touch) => `channel ${(path * (touch + 1) + touch) % channels}`),
    conversions: path % 7,
    value: path % 100,
    nonConversions: path % 50,
    daysBefore: [9, 6, 3, 0],
  }));
}

const calculator = JSON.stringify({
  models: ['firstTouch', 'lastTouch', 'linear', 'positionBased', 'timeDecay'],
  paths: pathsOf({ paths: bounds.calculatorPaths.most, channels: bounds.calculatorChannels.most }),
});
const markov = JSON.stringify({
  models: ['markov'],
  paths: pathsOf({ paths: 20_000, channels: Math.floor(Math.cbrt(bounds.markovSteps.most)) }),
});

const requests = [
  { name: 'criteria', path: 'segments/query', body: JSON.stringify(criteria) },
  { name: 'calculator', path: 'attribution', body: calculator },
  { name: 'Markov', path: 'attribution', body: markov },
  { name: 'export', path: 'segments/query', body: JSON.stringify(exported) },
] as const;

/** Nothing is waited for longer. */
const patienceMs = 60_000;

/** Answers of one kind of request: how many of each status, and how long they took. */
export type HeavyTally = Record<string, { statuses: Record<string, number>; times: number[] }>;

/** Asks for one heavy thing after the other until told to stop; what is under way then is given up. */
export async function readHeavily({
  address,
  key,
  first,
  tally,
  over,
}: {
  address: string;
  key: string;
  /** Which of the requests comes first, so that several readers are not at the same one. */
  first: number;
  tally: HeavyTally;
  over: AbortSignal;
}): Promise<void> {
  for (let n = first; !over.aborted; n += 1) {
    const { name, path, body } = requests[n % requests.length]!;
    const own = (tally[name] ??= { statuses: {}, times: [] });
    const began = performance.now();
    const status = await fetch(`${address}/api/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.any([over, AbortSignal.timeout(patienceMs)]),
    })
      .then(async (response) => {
        await response.text();
        return String(response.status);
      })
      .catch(() => (over.aborted ? 'given up' : 'failed'));
    own.statuses[status] = (own.statuses[status] ?? 0) + 1;
    if (status !== 'given up') own.times.push(performance.now() - began);
  }
}
