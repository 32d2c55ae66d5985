import { measures, medians, quantities } from './measures.ts';
import type { Basis, Measure, MeasureName, Median, Quantity } from './measures.ts';

/** What the rows behind a measure are. */
export type CellRows = {
  basis: Basis;
  /** A row counts where one of these numbers is not 0. */
  members: readonly Quantity[];
  /** Of a rate: whether a row is in the numerator. Null where a row does not show it: no visit is known to have become a lead. */
  numerator: Quantity | null;
  /** The money of a row, of measures of money. */
  money: Quantity | null;
  /** The days of a row, of medians. */
  median: Median | null;
  /** Of a share: the rows are all of them, and those in the group are the numerator. */
  isShare: boolean;
};

/** Money is of the rows that these numbers count. */
const counted: Partial<Record<Quantity, Quantity>> = {
  revenue: 'wonDeals',
  pipeline: 'openDeals',
  weightedPipeline: 'openDeals',
};
const ofMedian = { daysToLead: 'leads', daysToDeal: 'deals', daysToWin: 'wonDeals' } as const satisfies Record<
  Median,
  Quantity
>;

const isMoney = (quantity: Quantity): boolean => 'money' in quantities[quantity];

/**
 * The rows behind a measure: those that a quantity counts, those that a median is of, and of a rate and a ratio those of its
 * denominator.
 */
export function cellRowsOf(name: MeasureName): CellRows {
  const measure: Measure = measures[name];
  const rows = (quantity: Quantity, more: Partial<CellRows> = {}): CellRows => ({
    basis: quantities[quantity].basis,
    members: [counted[quantity] ?? quantity],
    numerator: null,
    money: isMoney(quantity) ? quantity : null,
    median: null,
    isShare: false,
    ...more,
  });
  switch (measure.kind) {
    case 'quantity':
      return rows(measure.of);
    case 'share':
      return rows(measure.of, { isShare: true });
    case 'median':
      return { ...rows(ofMedian[measure.of]), basis: medians[measure.of].basis, median: measure.of };
    case 'ratio':
      return rows(measure.denominator);
    case 'rate': {
      const [first] = measure.denominator;
      if (first === undefined) throw new Error(`${name} has no denominator.`);
      const { basis } = quantities[first];
      return rows(first, {
        members: measure.denominator,
        numerator: quantities[measure.numerator].basis === basis ? measure.numerator : null,
      });
    }
  }
}
