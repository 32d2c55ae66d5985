import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { personName } from '../../api/records.ts';
import type { Company, CompanyTouch, Deal, Person, Submission } from '../../api/records.ts';
import { AccountJourney } from '../../charts/account-journey.tsx';
import type { DealMark, Lane } from '../../charts/account-journey-geometry.ts';
import { m } from '../../paraglide/messages.js';
import { FactLine } from '../../ui/fact-line.tsx';
import { formatMoney, formatShort } from '../../ui/format.ts';
import { modelInSentence, modelName } from '../../ui/model-words.ts';
import { Panel } from '../../ui/panel.tsx';
import { originName } from '../../ui/records/origin.ts';
import { Segments } from '../../ui/segments.tsx';
import { creditModels, creditQuery, pathOfDeal } from '../../ui/records/account-credit.ts';
import type { Credit, CreditModel } from '../../ui/records/account-credit.ts';

const mostLanes = 8;

/** The journeys of a company's people beside each other, with its deals, and the credit of the newest won deal. */
export function AccountPanel({
  company,
  people,
  touches,
  submissions,
  deals,
}: {
  company: Company;
  people: Person[];
  touches: CompanyTouch[];
  submissions: Submission[];
  deals: Deal[];
}) {
  const [model, setModel] = useState<CreditModel>('linear');
  const [focus, setFocus] = useState<{ person: string; what: string; day: string } | null>(null);
  const lanes = lanesOf({ people, touches, submissions });
  const won = deals
    .filter(({ status, closedAt }) => status === 'won' && closedAt !== null)
    .toSorted((a, b) => Date.parse(b.closedAt!) - Date.parse(a.closedAt!))[0];
  const shown = lanes.slice(0, mostLanes);
  return (
    <Panel
      title={m.company_journey()}
      actions={
        <>
          <span className="legend">
            <span>● {m.account_arrival()}</span>
            <span>■ {m.account_form()}</span>
            <span>◌ {m.account_direct()}</span>
          </span>
          {won === undefined ? null : (
            <Segments
              label={m.scope_credit()}
              className="desk"
              value={model}
              onChange={setModel}
              options={creditModels.map((value) => ({ value, label: modelName[value]() }))}
            />
          )}
        </>
      }
      fact={<AccountFact won={won} touches={touches} model={model} focus={focus} />}
    >
      <div className="in">
        {shown.length === 0 ? (
          <p className="mini">{m.account_none()}</p>
        ) : (
          <AccountJourney
            name={m.company_journey_name({ company: company.name })}
            lanes={shown}
            deals={marksOf(deals)}
            onFocus={setFocus}
          />
        )}
        {lanes.length > mostLanes ? (
          <p className="mini">{m.account_more({ count: lanes.length - mostLanes })}</p>
        ) : null}
      </div>
    </Panel>
  );
}

function AccountFact({
  won,
  touches,
  model,
  focus,
}: {
  won: Deal | undefined;
  touches: CompanyTouch[];
  model: CreditModel;
  focus: { person: string; what: string; day: string } | null;
}) {
  const path = won === undefined ? [] : pathOfDeal(won, touches);
  const credit = useQuery({
    ...creditQuery({ deal: won, path }),
    enabled: won !== undefined && won.amount !== null && path.length > 0,
  });
  if (focus !== null) {
    return (
      <FactLine>
        <b>{focus.what}</b> {m.account_focus({ person: focus.person, day: focus.day })}
      </FactLine>
    );
  }
  if (won === undefined) return <FactLine>{m.account_no_win()}</FactLine>;
  const amount = formatMoney({ amount: Number(won.amount ?? 0), currency: won.currency });
  return (
    <FactLine>
      <b>{m.account_credit({ amount, model: modelInSentence(model) })}</b>{' '}
      {credit.data === undefined
        ? m.account_no_touches()
        : creditWords({ credits: credit.data, touches: path.length, model })}
    </FactLine>
  );
}

function creditWords({
  credits,
  touches,
  model,
}: {
  credits: readonly Credit[];
  touches: number;
  model: CreditModel;
}): string {
  const parts = credits
    .toSorted((a, b) => b.amounts[model] - a.amounts[model])
    .map(({ source, amounts, touches: own }) =>
      m.account_share({ source, amount: formatMoney({ amount: amounts[model], currency: null }), own, touches }),
    );
  return m.account_shares({ parts: parts.join(', ') });
}

/** Those with touches first; of each, what brought them and whether they sent a form of it. */
function lanesOf({
  people,
  touches,
  submissions,
}: {
  people: Person[];
  touches: CompanyTouch[];
  submissions: Submission[];
}): Lane[] {
  const formsAt = new Set(submissions.map(({ person, touch }) => `${person?.id} ${touch?.at}`));
  return people.flatMap((person) => {
    const own = touches.filter((touch) => touch.person?.id === person.id);
    if (own.length === 0) return [];
    const arrivals = own.map((touch) => ({
      at: touch.at,
      name: touch.source ?? originName(touch),
      kind: formsAt.has(`${person.id} ${touch.at}`)
        ? ('form' as const)
        : touch.source === null
          ? ('direct' as const)
          : ('arrival' as const),
    }));
    return [{ id: person.id, name: personName(person) ?? m.person_unnamed(), arrivals }];
  });
}

function marksOf(deals: readonly Deal[]): DealMark[] {
  return deals.slice(0, 4).flatMap((deal): DealMark[] => {
    if (deal.status === 'won' && deal.closedAt !== null) {
      const amount = deal.amount === null ? '' : formatShort(Number(deal.amount));
      return [{ at: deal.closedAt, name: m.account_won({ amount }), isWon: true }];
    }
    return [{ at: deal.createdAt, name: m.account_registered(), isWon: false }];
  });
}
