import { useQuery } from '@tanstack/react-query';
import type { Deal } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { Panel } from '../../ui/panel.tsx';
import { Answer } from '../../ui/states.tsx';
import type { Saving } from './deal-page.tsx';
import { suggestionQuery } from './queries.ts';

type Reason = 'sameCompanyName' | 'otherDomain' | 'sameAddressName' | 'nameBeginsAlike';

const reasonWords: Record<Reason, () => string> = {
  sameCompanyName: () => m.deal_reason_company_name(),
  otherDomain: () => m.deal_reason_other_domain(),
  sameAddressName: () => m.deal_reason_address_name(),
  nameBeginsAlike: () => m.deal_reason_begins_alike(),
};

type Likely = {
  person: { id: string; name: string } | null;
  company: { id: string; name: string } | null;
  reasons: Reason[];
};

/** A deal whose lead is not known: what it waits for, and whom it may belong to. */
export function LeadPanel({ deal, saving: { change, isSaving } }: { deal: Deal; saving: Saving }) {
  const asked = useQuery(suggestionQuery(deal.id));
  const waits = [deal.waitsFor?.email, deal.waitsFor?.companyDomain].filter((one) => one != null);
  const nameOf = ({ person, company }: Likely): string => [person?.name, company?.name].filter(Boolean).join(', ');
  const link = (likely: Likely): void => {
    const changes = likely.person === null ? { companyId: likely.company!.id } : { personId: likely.person.id };
    const back = likely.person === null ? { companyId: null } : { personId: null };
    change({ changes, back, value: nameOf(likely), done: m.deal_linked({ lead: nameOf(likely) }) });
  };
  return (
    <Panel title={m.deal_lead()}>
      <div className="in stack">
        <p>{waits.length === 0 ? m.deal_lead_none() : m.deal_lead_waits({ for: waits.join(', ') })}</p>
        <Answer asked={asked} height={60}>
          {({ suggestion, refused }) =>
            suggestion === null && refused.length === 0 ? (
              <p className="mini">{m.deal_lead_nobody()}</p>
            ) : (
              <>
                {suggestion === null ? <p className="mini">{m.deal_lead_tie()}</p> : null}
                <ul className="list">
                  {((suggestion === null ? refused : [suggestion]) as Likely[]).map((likely) => (
                    <li key={`${likely.person?.id} ${likely.company?.id}`} className="row between">
                      <span>
                        <b>{nameOf(likely)}</b>{' '}
                        <span className="mini">{likely.reasons.map((reason) => reasonWords[reason]()).join('; ')}</span>
                      </span>
                      <button type="button" className="btn sm" disabled={isSaving} onClick={() => link(likely)}>
                        {m.deal_link()}
                      </button>
                    </li>
                  ))}
                </ul>
              </>
            )
          }
        </Answer>
      </div>
    </Panel>
  );
}
