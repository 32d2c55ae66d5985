import { smallest, submissionGrowth } from './cost/bench.ts';
import type { CostResult } from './cost/bench.ts';
import type { HttpResults } from './http/bench.ts';
import { growthOfReport, reportBarMs } from './reports/bench.ts';
import type { ReportResult } from './reports/bench.ts';
import { segmentBar, segmentRatio } from './segments/bench.ts';
import type { SegmentResult } from './segments/bench.ts';
import { budgets, startSize, workerSize } from './start-up.ts';
import type { StartUpResult } from './start-up.ts';
import { formatSpread, formatTable, median } from './table.ts';

export type Results = {
  http?: HttpResults;
  segments?: SegmentResult[];
  presets?: ReportResult[];
  cost?: CostResult[];
  start?: StartUpResult;
};

/** A bar of product.md, section 4, beside what was measured. */
export type Bar = { what: string; bar: string; measured: string; met: boolean };

export function barsOf(results: Results): Bar[] {
  const { http, segments, presets, cost, start } = results;
  return [
    ...(cost ? costBars(cost) : []),
    ...(http ? httpBars(http) : []),
    ...(segments ? segmentBars(segments) : []),
    ...(presets ? presetBars(presets) : []),
    ...(start ? startBars(start) : []),
  ];
}

export function showBars(bars: readonly Bar[]): string {
  return formatTable([
    ['bar', 'is', 'measured', ''],
    ...bars.map(({ what, bar, measured, met }) => [what, bar, measured, met ? 'met' : 'not met']),
  ]);
}

function costBars(cost: readonly CostResult[]): Bar[] {
  // A selection's definition is read before what it is made of can be asked for.
  const requests = (what: string, bar: number): Bar => {
    const most = Math.max(
      ...cost.filter((one) => one.what.startsWith(what) && !one.what.includes('selection')).map((one) => one.requests),
    );
    return { what: `requests: ${what}`, bar: String(bar), measured: String(most), met: most <= bar };
  };
  const growth = submissionGrowth(cost);
  const largest = Math.max(...cost.map((one) => one.people));
  return [
    requests('touch', 0),
    requests('submission', 1),
    ...(largest > smallest ? [requests('segment', 1), requests('report', 1)] : []),
    ...growth.map(({ what, steps, ms, scans }) => ({
      what: `work of a ${what}`,
      bar: `the same at ${largest} people as at ${smallest}`,
      measured: `× ${steps.toFixed(2)} steps, × ${ms.toFixed(2)} time, ${scans.length} scans`,
      met: steps <= 1.1 && scans.length === 0,
    })),
  ];
}

function httpBars({ ratios }: HttpResults): Bar[] {
  return ratios.flatMap(({ name, base, bar, ratio }) =>
    bar === null
      ? []
      : [
          {
            what: `throughput: ${name}`,
            bar: `at least ${bar} of ${base}`,
            measured: formatSpread(ratio),
            met: median(ratio) >= bar,
          },
        ],
  );
}

/** Of the largest size alone: at small ones what stands around a query takes longer than the query. */
function segmentBars(segments: readonly SegmentResult[]): Bar[] {
  const largest = Math.max(...segments.map((one) => one.people));
  return (['databaseMs', 'ms'] as const).map((time) => {
    const measured = segments
      .filter((one) => one.people === largest)
      .map((one) => ({ shape: one.shape, ratio: median(segmentRatio(one, time)) }))
      .toSorted((a, b) => b.ratio - a.ratio);
    const within = measured.filter((one) => one.ratio <= segmentBar).length;
    const [worst] = measured;
    return {
      what: `segment page and count at ${largest}${time === 'ms' ? ', over HTTP' : ', at the database'}`,
      bar: `at most ${segmentBar} × by hand`,
      measured: `${within} of ${measured.length} shapes; most ${worst!.ratio.toFixed(2)}: ${worst!.shape}`,
      met: within === measured.length,
    };
  });
}

function presetBars(presets: readonly ReportResult[]): Bar[] {
  const largest = Math.max(...presets.map((one) => one.people));
  const measured = presets.filter((one) => one.people === largest && one.isPreset);
  const ms = (one: ReportResult, name = 'Kilde') => median(one.times[name] ?? [Number.NaN]);
  const slowest = measured.toSorted((a, b) => ms(b) - ms(a))[0]!;
  const inTime = measured.filter((one) => ms(one) <= reportBarMs).length;
  const growths = measured
    .map((one) => ({ one, growth: growthOfReport(presets, one) }))
    .filter(({ growth }) => growth !== null)
    .toSorted((a, b) => b.growth! - a.growth!);
  const notSlower = measured.filter((one) => ms(one) <= ms(one, 'DuckDB')).length;
  const named = (one: ReportResult) => `${one.preset}, ${one.period}`;
  return [
    {
      what: `preset reports at ${largest}`,
      bar: `at most ${reportBarMs} ms at the database`,
      measured: `${inTime} of ${measured.length}; most ${ms(slowest).toFixed(0)} ms: ${named(slowest)}`,
      met: inTime === measured.length,
    },
    ...(growths.length > 0
      ? [
          {
            what: 'growth of preset reports',
            bar: 'below 1, slower than the data',
            measured: `most ${growths[0]!.growth!.toFixed(2)}: ${named(growths[0]!.one)}`,
            met: growths.every(({ growth }) => growth! < 1),
          },
        ]
      : []),
    {
      what: `preset reports at ${largest}`,
      bar: 'no slower than DuckDB',
      measured: `${notSlower} of ${measured.length}`,
      met: notSlower === measured.length,
    },
  ];
}

function startBars(start: StartUpResult): Bar[] {
  const [whole, atStart] = [workerSize(start), startSize(start)];
  const lazily = start.parts.filter((one) => one.loaded === 'by a form').map((one) => one.name);
  return [
    {
      what: 'Worker, gzip',
      bar: `at most ${budgets.worker} bytes`,
      measured: String(whole),
      met: whole <= budgets.worker,
    },
    {
      what: 'loaded at start, gzip',
      bar: 'form and touch alone',
      measured: `${atStart} (${((atStart / whole) * 100).toFixed(0)} %), then by a form: ${lazily.join(', ') || 'nothing'}`,
      met: lazily.length === 0 && atStart < whole,
    },
    {
      what: 'script, gzip',
      bar: `at most ${budgets.script} bytes`,
      measured: String(start.script),
      met: start.script <= budgets.script,
    },
  ];
}
