import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { BareVariant } from '../bundle-variant.ts';
import { formatTable, formatSpread, median } from '../table.ts';
import type { Step, StepResult } from './client.ts';
import type { LoadName } from './loads.ts';

type Server = BareVariant | 'kilde';
type Variant = { name: string; server: Server; load: LoadName };

/**
 * What is measured against the least that could be in its place; the bar is the least ratio of throughput. The floor does what
 * must be done for each load, and thinks nothing: what lies between base and floor is not Kilde's.
 */
type Group = { bar: number; base: Variant; floor: { name: string; server: Server }; loads: LoadName[] };

const groups: readonly Group[] = [
  {
    bar: 0.9,
    base: { name: 'empty Hono handler', server: 'empty', load: 'touch' },
    floor: { name: 'touch by hand', server: 'touch-by-hand' },
    loads: ['touch', 'touch with a journey'],
  },
  {
    bar: 0.8,
    base: { name: 'bare insert', server: 'insert', load: 'new person and company' },
    floor: { name: 'same rows by hand', server: 'same-rows' },
    loads: ['new person, known company', 'new person and company', 'known person'],
  },
];

/** How many visitors at once the ratio is taken at; the others show how latency spreads. */
const measuredClients = 16;
const otherClients = [1, 64];

export type HttpResult = {
  name: string;
  base: string;
  /** Null for a floor, which is shown beside what has one. */
  bar: number | null;
  /** Of throughput and of processor time to the base's of the same round, at the clients that are measured. */
  ratio: number[];
  cpuRatio: number[];
};
export type HttpResults = { ratios: HttpResult[]; steps: Record<string, StepResult[]> };

/**
 * Throughput, processor time and latency of touch and submission against what they are measured by, in the same workerd on the
 * same machine. Each run is a fresh process, the order turns round each time, and what counts is the ratio within a round.
 */
export async function benchHttp({ rounds, seconds }: { rounds: number; seconds: number }): Promise<HttpResults> {
  const results: HttpResults = { ratios: [], steps: {} };
  for (const { bar: least, base, floor, loads } of groups) {
    const compared = loads.flatMap((load): Array<Variant & Pick<HttpResult, 'bar'>> => [
      { name: `${floor.name}: ${load}`, server: floor.server, load, bar: null },
      { name: load, server: 'kilde', load, bar: least },
    ]);
    const variants = [base, ...compared];
    for (let round = 0; round < rounds; round += 1) {
      for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
        const steps = [
          { clients: measuredClients, seconds },
          ...otherClients.map((clients) => ({ clients, seconds: Math.max(1, seconds / 2) })),
        ];
        (results.steps[variant.name] ??= []).push(...(await measure(variant, steps)));
      }
    }
    const measured = (name: string) => results.steps[name]!.filter(({ clients }) => clients === measuredClients);
    const baseOf = measured(base.name);
    for (const { name, bar } of compared) {
      const ratio = (value: (one: StepResult) => number) =>
        measured(name).map((one, round) => value(one) / value(baseOf[round]!));
      results.ratios.push({
        name,
        base: base.name,
        bar,
        ratio: ratio((one) => one.perSecond),
        cpuRatio: ratio((one) => one.cpuMs),
      });
    }
  }
  return results;
}

async function measure({ server, load }: Variant, steps: readonly Step[]): Promise<StepResult[]> {
  const variants = join(import.meta.dirname, '..', 'variants');
  const child = spawn(process.execPath, [join(variants, 'serve.ts'), server], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, 'client.ts'),
      JSON.stringify({ url, serverPid: child.pid, load, steps }),
    ]);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StepResult);
  } finally {
    child.stdin.end();
    await once(child, 'exit');
  }
}

export function showHttp({ ratios, steps }: HttpResults): string {
  const rows = Object.entries(steps).flatMap(([name, all]) => {
    const ratio = ratios.find((one) => one.name === name);
    return [measuredClients, ...otherClients].map((clients) => {
      const same = all.filter((one) => one.clients === clients);
      const of = (key: 'perSecond' | 'cpuMs' | 'p50' | 'p90' | 'p99' | 'p999') => median(same.map((one) => one[key]));
      const isMeasured = clients === measuredClients;
      return [
        isMeasured ? name : '',
        String(clients),
        of('perSecond').toFixed(0),
        of('cpuMs').toFixed(3),
        ...(['p50', 'p90', 'p99', 'p999'] as const).map((key) => of(key).toFixed(1)),
        Math.max(...same.map((one) => one.most)).toFixed(0),
        String(same.reduce((sum, one) => sum + one.errors, 0)),
        isMeasured && ratio ? formatSpread(ratio.ratio) : '',
        isMeasured && ratio ? formatSpread(ratio.cpuRatio) : '',
      ];
    });
  });
  return formatTable([
    [
      'touch and submission',
      'clients',
      'per second',
      'cpu ms each',
      'p50 ms',
      'p90',
      'p99',
      'p99.9',
      'most',
      'errors',
      '× throughput of base',
      '× cpu of base',
    ],
    ...rows,
  ]);
}
