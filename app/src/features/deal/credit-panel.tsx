import { useQuery } from '@tanstack/react-query';
import { touchesQuery } from '../../api/records.ts';
import type { CompanyTouch, Deal } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { FactScope } from '../../ui/fact-line.tsx';
import { formatCount, formatDay, formatExact } from '../../ui/format.ts';
import { modelMeaning, modelName } from '../../ui/model-words.ts';
import { Panel } from '../../ui/panel.tsx';
import { creditModels, creditQuery, pathOfDeal } from '../../ui/records/account-credit.ts';
import type { Credit } from '../../ui/records/account-credit.ts';
import { originName } from '../../ui/records/origin.ts';
import { Answer } from '../../ui/states.tsx';
import { amountOf } from './use-deal-change.ts';

/** The arrivals before the deal, and what each source gets of its amount by the models that share. */
export function CreditPanel({ deal }: { deal: Deal }) {
  const of = deal.company === null ? { person: deal.person!.id } : { company: deal.company.id };
  const touches = useQuery(touchesQuery(of));
  return (
    <Answer asked={touches} height={240}>
      {(all) => {
        const path = pathOfDeal(deal, all);
        return (
          <div className="grid">
            <div className="w7">
              <Credits deal={deal} path={path} />
            </div>
            <div className="w5">
              <Path deal={deal} path={path} />
            </div>
          </div>
        );
      }}
    </Answer>
  );
}

function Credits({ deal, path }: { deal: Deal; path: CompanyTouch[] }) {
  const canShare = deal.status !== 'lost' && deal.amount !== null && path.length > 0;
  const asked = useQuery({ ...creditQuery({ deal, path }), enabled: canShare });
  if (!canShare) {
    return (
      <Panel title={m.deal_credit()}>
        <p className="in mini">
          {path.length === 0
            ? m.account_no_touches()
            : deal.status === 'lost'
              ? m.deal_credit_lost()
              : m.deal_credit_no_amount()}
        </p>
      </Panel>
    );
  }
  const columns: Array<Column<Credit>> = [
    {
      id: 'source',
      head: m.dimension_source(),
      isOnPhone: true,
      cell: ({ source }) => source,
      foot: m.deal_credit_sum(),
    },
    {
      id: 'touches',
      head: m.deal_touches(),
      kind: 'num',
      cell: ({ touches }) => formatCount(touches),
      foot: formatCount(path.length),
      fact: ({ source, touches }) =>
        m.deal_touches_fact({ source, count: formatCount(touches), all: formatCount(path.length) }),
    },
    ...creditModels.map((model): Column<Credit> => ({
      id: model,
      head: modelName[model](),
      kind: 'num',
      isOnPhone: model === 'linear',
      cell: ({ amounts }) => formatExact(amounts[model]),
      foot: formatExact(Number(deal.amount)),
      fact: ({ source, amounts }) =>
        m.deal_credit_fact({
          source,
          amount: `${formatExact(amounts[model])} ${deal.currency}`,
          all: amountOf(deal),
          model: modelName[model]().toLowerCase(),
          meaning: modelMeaning[model](),
        }),
    })),
  ];
  return (
    <FactScope
      whole={
        deal.status === 'won'
          ? m.deal_credit_whole({ amount: amountOf(deal) })
          : m.deal_credit_open({ amount: amountOf(deal) })
      }
    >
      {(line) => (
        <Panel title={m.deal_credit()} actions={<span className="mini">{deal.currency}</span>} fact={line}>
          <Answer asked={asked} height={160}>
            {(credits) => (
              <DataTable
                caption={m.deal_credit()}
                columns={columns}
                rows={credits}
                keyOf={({ source }) => source}
                hasFoot
                dense
              />
            )}
          </Answer>
        </Panel>
      )}
    </FactScope>
  );
}

const mostSteps = 12;

/** Newest first, with whose arrival it was. */
function Path({ deal, path }: { deal: Deal; path: CompanyTouch[] }) {
  const newest = path.toReversed();
  return (
    <Panel title={m.deal_path()} actions={<span className="mini">{formatCount(path.length)}</span>}>
      <div className="in">
        {deal.closedAt === null || deal.status === 'open' ? null : (
          <p className="mini">
            {deal.status === 'won'
              ? m.journey_deal_won({ name: formatDay(deal.closedAt.slice(0, 10)) })
              : m.journey_deal_lost({ name: formatDay(deal.closedAt.slice(0, 10)) })}
          </p>
        )}
        <ol className="trail">
          {newest.slice(0, mostSteps).map((touch) => (
            <li key={touch.id} className="solid">
              <div className="row between">
                <b>{originName(touch)}</b>
                <span className="mini">{formatDay(touch.at.slice(0, 10))}</span>
              </div>
              <span className="mini">
                {[touch.person?.name, touch.campaign, touch.channel].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
        </ol>
        {newest.length > mostSteps ? (
          <p className="mini">{m.deal_path_more({ count: newest.length - mostSteps })}</p>
        ) : null}
      </div>
    </Panel>
  );
}
