import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
/** How long one goes on before the next has its turn: the machine's pace changes within seconds. */
const turnSeconds = 0.5;

export type HttpResult = {
  name: string;
  base: string;
  /** Null for a floor, which is shown beside what has one. */
  bar: number | null;
  /** Of throughput and of processor time to the base's of the same turn, at the clients that are measured: the middle of each round. */
  ratio: number[];
  cpuRatio: number[];
};
export type HttpResults = { ratios: HttpResult[]; steps: Record<string, StepResult[]> };

/**
 * Throughput, processor time and latency of touch and submission against what they are measured by, in the same workerd on the
 * same machine. Each round starts fresh processes, which take turns; the order turns round each time, and what counts is the
 * ratio within a turn.
 */
export async function benchHttp({ rounds, seconds }: { rounds: number; seconds: number }): Promise<HttpResults> {
  const results: HttpResults = { ratios: [], steps: {} };
  for (const { bar: least, base, floor, loads } of groups) {
    const compared = loads.flatMap((load): Array<Variant & Pick<HttpResult, 'bar'>> => [
      { name: `${floor.name}: ${load}`, server: floor.server, load, bar: null },
      { name: load, server: 'kilde', load, bar: least },
    ]);
    const ratios = compared.map(({ name, bar }): HttpResult => ({
      name,
      base: base.name,
      bar,
      ratio: [],
      cpuRatio: [],
    }));
    for (let round = 0; round < rounds; round += 1) {
      const turns = await runRound([base, ...compared], { seconds, steps: results.steps });
      for (const one of ratios) {
        const ratio = (value: (step: StepResult) => number) =>
          median(turns.map((turn) => value(turn.get(one.name)!) / value(turn.get(base.name)!)));
        one.ratio.push(ratio((step) => step.perSecond));
        one.cpuRatio.push(ratio((step) => step.cpuMs));
      }
    }
    results.ratios.push(...ratios);
  }
  return results;
}

/** What each has done in each turn, by name. All steps, those of other numbers of clients too, go to `steps`. */
async function runRound(
  variants: readonly Variant[],
  { seconds, steps }: { seconds: number; steps: HttpResults['steps'] },
): Promise<Array<Map<string, StepResult>>> {
  const running: Running[] = [];
  try {
    for (const variant of variants) running.push(await start(variant));
    const take = async ({ name, ask }: Running, step: Step): Promise<StepResult> => {
      const result = await ask(step);
      (steps[name] ??= []).push(result);
      return result;
    };
    const turns: Array<Map<string, StepResult>> = [];
    while (turns.length < seconds / turnSeconds) {
      const turn = new Map<string, StepResult>();
      for (const one of turns.length % 2 === 0 ? running : running.toReversed())
        turn.set(one.name, await take(one, { clients: measuredClients, seconds: turnSeconds }));
      turns.push(turn);
    }
    for (const one of running)
      for (const clients of otherClients) await take(one, { clients, seconds: Math.max(1, seconds / 2) });
    return turns;
  } finally {
    for (const { close } of running) await close();
  }
}

type Running = { name: string; ask: (step: Step) => Promise<StepResult>; close: () => Promise<void> };

/** Starts a server and its client, and waits until both are warm. */
async function start({ name, server, load }: Variant): Promise<Running> {
  const serving = run(join('..', 'variants', 'serve.ts'), server);
  const url = await serving.nextLine();
  const client = run('client.ts', JSON.stringify({ url, serverPid: serving.pid, load }));
  await client.nextLine();
  return {
    name,
    async ask(step) {
      client.write(JSON.stringify(step));
      return JSON.parse(await client.nextLine()) as StepResult;
    },
    async close() {
      await client.close();
      await serving.close();
    },
  };
}

/** A program that goes on until its input ends. */
function run(program: string, argument: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), argument], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid,
    async nextLine(): Promise<string> {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} ${argument} has ended.`);
      return value;
    },
    write: (line: string) => child.stdin.write(`${line}\n`),
    async close(): Promise<void> {
      child.stdin.end();
      await exit;
    },
  };
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
