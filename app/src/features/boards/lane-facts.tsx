import { m } from '../../paraglide/messages.js';
import type { Field } from '../../ui/find/fields.ts';
import { formatCount, formatPercent, formatShort } from '../../ui/format.ts';
import type { Lane, Money } from './model.ts';
import { valueWords } from './queries.ts';

/** Sums by currency, the largest first: "4.31 M NOK, 28 k EUR". */
export function moneyWords(sums: readonly Money[]): string {
  return sums.map(({ amount, currency }) => `${formatShort(Number(amount))} ${currency}`).join(', ');
}

/** The commonest values of a field in a column, and how many the others are. */
export function CountedValues({ lane, field }: { lane: Lane; field: Field | undefined }) {
  const others = lane.count - lane.totals.reduce((sum, { count }) => sum + count, 0);
  return (
    <p className="mini lane-totals">
      {lane.totals.slice(0, others > 0 ? 3 : 4).map(({ value, count }) => (
        <span key={String(value)} className="nowrap">
          {value === null ? m.value_unknown() : valueWords(value, field)} <b>{formatCount(count)}</b>
        </span>
      ))}
      {restOf(lane) > 0 ? (
        <span className="nowrap">
          {m.board_other()} <b>{formatCount(restOf(lane))}</b>
        </span>
      ) : null}
    </p>
  );
}

function restOf(lane: Lane): number {
  const others = lane.count - lane.totals.reduce((sum, { count }) => sum + count, 0);
  const shown = lane.totals.slice(0, others > 0 ? 3 : 4);
  return lane.count - shown.reduce((sum, { count }) => sum + count, 0);
}

/** Money of the deals that belong to the cards. */
export function DealMoney({ lane }: { lane: Lane }) {
  if (lane.sum.length === 0 && lane.weighted.length === 0) return <p className="mini">{m.board_no_deals()}</p>;
  return (
    <p className="mini lane-totals">
      {lane.sum.length === 0 ? null : (
        <span>
          {m.board_open()} <b>{moneyWords(lane.sum)}</b>
        </span>
      )}
      {lane.weighted.length === 0 ? null : (
        <span>
          {m.board_won()} <b>{moneyWords(lane.weighted)}</b>
        </span>
      )}
    </p>
  );
}

/** A stage: its chance, its sums, and the money of the commonest values. */
export function StageFacts({ lane, field }: { lane: Lane; field: Field | undefined }) {
  const { probability, status, sum, weighted, totals } = lane;
  return (
    <>
      <p className="mini">
        {[
          probability === null ? null : formatPercent(probability, 0),
          status === 'open' && weighted.length > 0 ? m.board_weighted({ sum: moneyWords(weighted.slice(0, 1)) }) : null,
          sum.length > 1 ? m.board_and({ sum: moneyWords(sum.slice(1)) }) : null,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p className="mini lane-totals">
        {totals.slice(0, 3).map(({ value, sum: own }) => (
          <span key={String(value)} className="nowrap">
            {value === null ? m.value_unknown() : valueWords(value, field)}{' '}
            <b>{own[0] === undefined ? '–' : formatShort(Number(own[0].amount))}</b>
          </span>
        ))}
      </p>
    </>
  );
}
