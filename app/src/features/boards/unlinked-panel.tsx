import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { moneyWords } from './lane-facts.tsx';
import { suggestionsQuery } from './queries.ts';
import type { Unlinked } from './queries.ts';

/** Deals whose lead nobody knows, with the likeliest and why. Linking one can be undone. */
export function UnlinkedPanel() {
  const asked = useQuery(suggestionsQuery);
  const client = useQueryClient();
  const linked = useMutation({
    mutationFn: async ({ deal, isBack }: { deal: Unlinked; isBack: boolean }) => {
      const { person, company } = deal.suggestion!;
      const changes =
        person === null ? { companyId: isBack ? null : company!.id } : { personId: isBack ? null : person.id };
      const back = isBack && person !== null ? { companyId: null } : {};
      await kilde().PATCH('/api/v1/deals/{id}', {
        params: { path: { id: deal.id } },
        body: { ...changes, ...back } as never,
      });
      return { deal, isBack };
    },
    onSuccess: async () =>
      Promise.all(
        [['deal-suggestions'], ['board'], ['find'], ['attention']].map(async (queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
  const items = asked.data?.items ?? [];
  const done = linked.data !== undefined && !linked.data.isBack ? linked.data.deal : null;
  if (items.length === 0 && done === null && linked.error === null) return null;
  return (
    <section className="panel" aria-label={m.unlinked_title()}>
      <header>
        <h2>{m.unlinked_count({ count: asked.data?.count ?? 0, shown: formatCount(asked.data?.count ?? 0) })}</h2>
        <span className="mini">{m.unlinked_note()}</span>
      </header>
      {linked.error === null ? null : <Failure error={linked.error} what={m.record_not_saved()} />}
      {done === null ? null : (
        <p className="note in" role="status">
          <b>{m.unlinked_done({ name: titleOf(done), to: leadName(done) })}</b>{' '}
          <button type="button" className="btn sm" onClick={() => linked.mutate({ deal: done, isBack: true })}>
            {m.record_undo()}
          </button>
        </p>
      )}
      <div className="scroll">
        <table className="t dense">
          <caption className="vh">{m.unlinked_title()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.deal()}</th>
              <th scope="col" className="desk">
                {m.unlinked_address()}
              </th>
              <th scope="col" className="num">
                {m.deal_amount()}
              </th>
              <th scope="col">{m.unlinked_perhaps()}</th>
              <th scope="col">
                <span className="vh">{m.selections_do()}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((deal) => (
              <tr key={deal.id}>
                <th scope="row">
                  <Link to="/deals/$id" params={{ id: deal.id }}>
                    {titleOf(deal)}
                  </Link>
                </th>
                <td className="desk">{deal.waitsFor?.email ?? deal.waitsFor?.companyDomain}</td>
                <td className="num nowrap">
                  {deal.amount === null ? '–' : `${formatCount(Number(deal.amount))} ${deal.currency}`}
                </td>
                <td>
                  <Perhaps deal={deal} />
                </td>
                <td className="num">
                  {deal.suggestion === null ? (
                    <Link className="btn sm" to="/people" search={{ where: searchOf(deal) }}>
                      {m.unlinked_find()}
                    </Link>
                  ) : (
                    <button
                      type="button"
                      className="btn sm"
                      aria-label={m.unlinked_link_name({ name: titleOf(deal), to: leadName(deal) })}
                      disabled={linked.isPending}
                      onClick={() => linked.mutate({ deal, isBack: false })}
                    >
                      {m.unlinked_link()}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="fact">{m.unlinked_fact({ sum: moneyWords(sumsOf(items)) })}</p>
    </section>
  );
}

function titleOf({ name, externalId }: Unlinked): string {
  return name ?? externalId;
}

function leadName({ suggestion }: Unlinked): string {
  const { person, company } = suggestion!;
  return person?.name ?? person?.email ?? company?.name ?? company?.domain ?? '';
}

function sumsOf(deals: readonly Unlinked[]): Array<{ amount: number; currency: string }> {
  const sums = new Map<string, number>();
  for (const { amount, currency } of deals) sums.set(currency, (sums.get(currency) ?? 0) + Number(amount ?? 0));
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}

/** The likeliest with the reasons; of several that are as likely, all. */
function Perhaps({ deal: { suggestion, refused } }: { deal: Unlinked }): ReactNode {
  if (suggestion === null) {
    if (refused.length === 0) return <span className="soft">{m.unlinked_nobody()}</span>;
    const names = refused
      .map(({ person, company }) => person?.name ?? company?.name ?? person?.email ?? '')
      .slice(0, 3);
    return <span className="soft">{m.unlinked_tie({ names: names.join(', ') })}</span>;
  }
  const { person, company, reasons } = suggestion;
  return (
    <>
      {person === null ? null : (
        <Link className="under" to="/people/$id" params={{ id: person.id }}>
          {person.name ?? person.email}
        </Link>
      )}
      {person !== null && company !== null ? ', ' : null}
      {company === null ? null : (
        <Link className="under" to="/companies/$id" params={{ id: company.id }}>
          {company.name ?? company.domain}
        </Link>
      )}{' '}
      <span className="mini desk">{reasons.map((reason) => reasonWords(reason)).join(', ')}</span>
    </>
  );
}

function reasonWords(reason: string): string {
  const words: Record<string, () => string> = {
    sameCompanyName: () => m.unlinked_same_company(),
    otherDomain: () => m.unlinked_other_domain(),
    sameAddressName: () => m.unlinked_same_address(),
    nameBeginsAlike: () => m.unlinked_begins_alike(),
  };
  return words[reason]?.() ?? reason;
}

/** People whose address or company has the name of the domain. */
function searchOf({ waitsFor }: Unlinked): string {
  const domain = waitsFor?.companyDomain ?? waitsFor?.email?.split('@').at(1) ?? '';
  const name = domain.split('.')[0] ?? '';
  return JSON.stringify({
    any: ['email', 'company.name'].map((field) => ({ field, op: 'contains', value: name })),
  });
}
