import { runSegment } from '../../src/services/segments/run-segment.ts';
import type { SegmentPage } from '../../src/services/segments/run-segment.ts';
import type { Timing, World } from '../open-world.ts';
import { formatSpread, formatTable, median, ratioSpread } from '../table.ts';
import { shapes, showPage } from './shapes.ts';
import type { Shape } from './shapes.ts';

export const segmentBar = 1.2;

export type SegmentResult = { shape: string; people: number; found: number; kilde: Timing[]; byHand: Timing[] };

export const askSegment = async (world: World, { query }: Shape): Promise<SegmentPage> =>
  runSegment(world.context, { entity: 'person', limit: 50, count: true, timeZone: 'UTC', ...query });

/**
 * A page of fifty with its count, by the product and by the best SQL by hand: two statements in one request, on the same file
 * over the same endpoint. They take turns, and the order turns round. Both must have found the same people.
 */
export async function benchSegments(world: World, { rounds }: { rounds: number }): Promise<SegmentResult[]> {
  const results: SegmentResult[] = [];
  for (const shape of shapes) {
    const statements = [
      await fastest(
        world,
        shape.pages.map((one) => showPage(one, shape.order)),
      ),
      await fastest(world, shape.counts),
    ];
    const byHand = async () => world.byHand.batch(statements, 'read');
    const kilde = async () => askSegment(world, shape);
    // The first of each warms, and is held against the other.
    const [page, [rows, count]] = [await kilde(), await byHand()];
    const keys = rows!.rows.slice(0, 50).map((row) => Number(row['k']));
    const found = Number(count!.rows[0]!['n']);
    if (page.items.map((item) => Number(item['id'])).join() !== keys.join() || page.count !== found)
      throw new Error(`${shape.name} at ${world.people}: the product found ${page.count}, by hand it is ${found}.`);
    const result: SegmentResult = { shape: shape.name, people: world.people, found, kilde: [], byHand: [] };
    for (let round = 0; round < rounds; round += 1) {
      const turns = [
        async () => result.kilde.push(await timingOf(world, kilde)),
        async () => result.byHand.push(await timingOf(world, byHand)),
      ];
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    }
    results.push(result);
  }
  return results;
}

async function timingOf(world: World, ask: () => Promise<unknown>): Promise<Timing> {
  const { ms, databaseMs } = await world.time(ask);
  return { ms, databaseMs };
}

/** The one of several ways to ask the same that takes the database the least time, by the better of two runs. */
async function fastest(world: World, ways: readonly string[]): Promise<string> {
  if (ways.length === 1) return ways[0]!;
  const timed: Array<{ sql: string; ms: number }> = [];
  for (const sql of ways) {
    const times: number[] = [];
    for (let run = 0; run < 2; run += 1)
      times.push((await world.time(async () => world.byHand.execute(sql))).databaseMs);
    timed.push({ sql, ms: Math.min(...times) });
  }
  return timed.toSorted((a, b) => a.ms - b.ms)[0]!.sql;
}

const timesOf = (timings: readonly Timing[], time: keyof Timing) => timings.map((one) => one[time]);

/** To the time by hand, in each round. */
export const segmentRatio = ({ kilde, byHand }: SegmentResult, time: keyof Timing): number[] =>
  ratioSpread(timesOf(kilde, time), timesOf(byHand, time));

export function showSegments(results: readonly SegmentResult[]): string {
  const sizes = [...new Set(results.map((one) => one.people))];
  const rows = shapes.flatMap(({ name }) =>
    sizes.flatMap((people, n) => {
      const one = results.find((other) => other.shape === name && other.people === people);
      if (!one) return [];
      const ratio = segmentRatio(one, 'databaseMs');
      return [
        [
          n === 0 ? name : '',
          String(people),
          String(one.found),
          ...(['databaseMs', 'ms'] as const).flatMap((time) => [
            median(timesOf(one.kilde, time)).toFixed(1),
            median(timesOf(one.byHand, time)).toFixed(1),
            formatSpread(segmentRatio(one, time)),
          ]),
          median(ratio) <= segmentBar ? 'met' : 'not met',
        ],
      ];
    }),
  );
  return formatTable([
    [
      'segment: page of 50 and count',
      'people',
      'found',
      'ms at the database',
      'by hand',
      '× by hand',
      'ms over HTTP',
      'by hand',
      '× by hand',
      `at most ${segmentBar} ×`,
    ],
    ...rows,
  ]);
}
