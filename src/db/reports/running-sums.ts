import { addExact } from '../../domain/exact.ts';
import type { Exact } from '../../domain/exact.ts';
import type { Fact } from '../../domain/reports/facts.ts';
import { quantities } from '../../domain/reports/measures.ts';
import type { ReportModel } from '../../domain/reports/models.ts';
import type { Column, Plan } from './plan.ts';

/**
 * Sums up stocks over the parts of a period. What is open is read as what came and what went in each part; here each part gets what
 * there is at its end, also the parts in which nothing happened.
 */
export function withRunningSums({ columns, time, query }: Plan, facts: Fact[]): Fact[] {
  const stocks = stocksOf(columns, query.models);
  if (stocks.length === 0) return facts;
  const added: Fact[] = [];
  for (const line of linesOf(facts)) {
    const [some] = line.values();
    if (!some) continue;
    const sums: Exact[] = stocks.map(() => 0);
    const parts = (some.previous ? time.previous : time.current) ?? [];
    for (const bucket of parts.keys()) {
      const fact = line.get(bucket) ?? { ...some, bucket, numbers: {} };
      if (!line.has(bucket)) added.push(fact);
      for (const [n, { quantity, model }] of stocks.entries()) {
        const numbers = (fact.numbers[model] ??= {});
        sums[n] = numbers[quantity] = addExact(sums[n] ?? 0, numbers[quantity] ?? 0);
      }
    }
  }
  return [...facts, ...added];
}

function stocksOf(columns: readonly Column[], models: readonly ReportModel[]) {
  return columns
    .filter(({ quantity }) => quantities[quantity].basis === 'dealOpen')
    .flatMap(({ quantity, model }) => (model === null ? models : [model]).map((of) => ({ quantity, model: of })));
}

/** The facts of each group and period, by their part of the period. */
function linesOf(facts: readonly Fact[]): Array<Map<number, Fact>> {
  const lines = new Map<string, Map<number, Fact>>();
  for (const fact of facts) {
    if (fact.bucket < 0) continue;
    const key = `${fact.group} ${fact.previous}`;
    const line = lines.get(key) ?? new Map<number, Fact>();
    lines.set(key, line.set(fact.bucket, fact));
  }
  return [...lines.values()];
}
