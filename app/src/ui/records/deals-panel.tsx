import { Link } from '@tanstack/react-router';
import type { Deal } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatDayOfYear, formatPercent, none } from '../format.ts';
import { Panel } from '../panel.tsx';

/** The deals of a person or a company. */
export function DealsPanel({
  deals,
  people,
}: {
  deals: Deal[];
  /** Names by id, where the people are shown. */
  people?: ReadonlyMap<string, string>;
}) {
  const won = deals.filter(({ status }) => status === 'won').length;
  const open = deals.filter(({ status }) => status === 'open').length;
  const currencies = new Set(deals.map(({ currency }) => currency));
  const currency = currencies.size === 1 ? [...currencies][0] : null;
  return (
    <Panel title={m.deals_title()} actions={<span className="mini">{m.deals_won_open({ won, open })}</span>}>
      {deals.length === 0 ? (
        <p className="in mini">{m.deals_none()}</p>
      ) : (
        <table className="t dense">
          <caption className="vh">{m.deals_title()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.deal()}</th>
              <th scope="col">{m.deal_stage()}</th>
              {people === undefined ? null : (
                <th scope="col" className="desk">
                  {m.person()}
                </th>
              )}
              <th scope="col" className="num">
                {currency ?? m.deal_amount()}
              </th>
            </tr>
          </thead>
          <tbody>
            {deals.map((deal) => (
              <tr key={deal.id}>
                <th scope="row">
                  <Link to="/deals/$id" params={{ id: deal.id }}>
                    {deal.name ?? deal.externalId}
                  </Link>
                </th>
                <td className="nowrap">{stageOf(deal)}</td>
                {people === undefined ? null : (
                  <td className="desk">
                    {deal.person === null ? (
                      none
                    ) : (
                      <Link className="under" to="/people/$id" params={{ id: deal.person.id }}>
                        {people.get(deal.person.id) ?? deal.person.email ?? deal.person.id}
                      </Link>
                    )}
                  </td>
                )}
                <td className="num">
                  {deal.amount === null ? none : formatCount(Number(deal.amount))}
                  {currency === null && deal.amount !== null ? ` ${deal.currency}` : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** Where a deal stands: won or lost with the day, open with the chance. */
export function stageOf({ stage, status, closedAt, probability }: Deal): string {
  if (status !== 'open')
    return closedAt === null ? stage.name : `${stage.name} ${formatDayOfYear(closedAt.slice(0, 10))}`;
  return probability === null ? stage.name : `${stage.name}, ${formatPercent(probability, 0)}`;
}
