import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { barsOf, showBars } from './bars.ts';
import type { Results } from './bars.ts';
import { benchCost, showCost, smallest } from './cost/bench.ts';
import { benchHttp, showHttp } from './http/bench.ts';
import { openWorld } from './open-world.ts';
import type { World } from './open-world.ts';
import { benchReports, showReports } from './reports/bench.ts';
import { benchSegments, showSegments } from './segments/bench.ts';
import { benchStartUp, showStartUp } from './start-up.ts';

/**
 * `npm run bench`, `npm run bench -- --quick`, `npm run bench -- --only segments,presets --people 100000`: every bar of product.md,
 * section 4, beside what was measured, and the tables it comes from. All goes to .kilde/bench/result.json too. docs/benchmarks.md
 * says what the columns mean.
 */
const parts = ['start', 'http', 'segments', 'presets', 'cost'] as const;
type Part = (typeof parts)[number];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    people: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string' },
  },
});
const people = (options.people ?? (options.quick ? '10000' : '10000,100000,1000000')).split(',').map(Number);
const rounds = Number(options.rounds ?? (options.quick ? 3 : 7));
const httpRounds = Number(options.rounds ?? (options.quick ? 1 : 5));
const seconds = Number(options.seconds ?? (options.quick ? 1 : 4));
const only = options.only?.split(',') ?? parts;
for (const part of only)
  if (!parts.includes(part as Part)) throw new Error(`There is no part ${part}: ${parts.join(', ')}.`);
const wants = (part: Part) => only.includes(part);

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`${commit} on ${machine}\n`);

/** Each size with a world of its own, opened for one part alone. */
async function atEachSize<T>(ask: (world: World) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  for (const size of people) {
    const world = await openWorld(size);
    try {
      all.push(...(await ask(world)));
    } finally {
      await world.close();
    }
  }
  return all;
}

const results: Results = {};
if (wants('start')) {
  results.start = await benchStartUp({ rounds: httpRounds + 2 });
  console.log(`${showStartUp(results.start)}\n`);
}
if (wants('http')) {
  results.http = await benchHttp({ rounds: httpRounds, seconds });
  console.log(`${showHttp(results.http)}\n`);
}
if (wants('segments')) {
  results.segments = await atEachSize(async (world) => benchSegments(world, { rounds }));
  console.log(`${showSegments(results.segments)}\n`);
}
if (wants('presets')) {
  results.presets = await atEachSize(async (world) => benchReports(world, { rounds }));
  console.log(`${showReports(results.presets)}\n`);
}
if (wants('cost')) {
  results.cost = [];
  for (const size of [smallest, ...people]) results.cost.push(...(await benchCost(size)));
  console.log(`${showCost(results.cost)}\n`);
}
const bars = barsOf(results);
console.log(showBars(bars));
const directory = join('.kilde', 'bench');
await mkdir(directory, { recursive: true });
const result = { commit, machine, at: new Date().toISOString(), people, rounds, bars, ...results };
await writeFile(join(directory, 'result.json'), JSON.stringify(result, null, 2));
process.exit();
