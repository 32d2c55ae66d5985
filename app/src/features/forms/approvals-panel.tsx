import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatDay } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { senderOf, textOf } from './groups.ts';
import { approvalsQuery } from './queries.ts';
import type { Form } from './queries.ts';

/** Submissions of people whom nobody knows, where the form lets them wait. */
export function ApprovalsPanel({ form: { id, mode } }: { form: Form }) {
  const asked = useQuery(approvalsQuery(id));
  const client = useQueryClient();
  const decided = useMutation({
    mutationFn: async ({ submission, isApproved }: { submission: string; isApproved: boolean }) => {
      const path = { params: { path: { id: submission } } };
      if (isApproved) await kilde().POST('/api/v1/approvals/{id}/approve', path);
      else await kilde().POST('/api/v1/approvals/{id}/decline', path);
      return isApproved;
    },
    onSettled: async () =>
      Promise.all(
        [['approvals'], ['form-statistics'], ['submissions']].map(async (queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
  const items = asked.data ?? [];
  if (mode === 'automatic' && items.length === 0) return null;
  return (
    <section className="panel" aria-label={m.approvals_title()}>
      <header>
        <h2>{m.approvals_title()}</h2>
      </header>
      {decided.error === null ? null : <Failure error={decided.error} what={m.record_not_saved()} />}
      {decided.data === undefined ? null : (
        <p className="note" role="status">
          {decided.data ? m.approvals_approved() : m.approvals_declined()}
        </p>
      )}
      {items.length === 0 ? (
        <p className="in soft">{m.approvals_none()}</p>
      ) : (
        <ul className="list in">
          {items.map((item) => {
            const who = senderOf(item) ?? m.held_no_sender();
            return (
              <li key={item.id} className="row between">
                <span>
                  <b>{who}</b> <span className="mini">{formatDay(item.at.slice(0, 10))}</span>
                  <span className="mini line">{textOf(item)}</span>
                </span>
                <span className="row">
                  <button
                    type="button"
                    className="btn sm"
                    aria-label={m.approvals_approve_who({ who })}
                    disabled={decided.isPending}
                    onClick={() => decided.mutate({ submission: item.id, isApproved: true })}
                  >
                    {m.approvals_approve()}
                  </button>
                  <button
                    type="button"
                    className="btn sm"
                    aria-label={m.approvals_decline_who({ who })}
                    disabled={decided.isPending}
                    onClick={() => decided.mutate({ submission: item.id, isApproved: false })}
                  >
                    {m.approvals_decline()}
                  </button>
                </span>
              </li>
            );
          })}
        </ul>
      )}
      <p className="fact">{m.approvals_fact()}</p>
    </section>
  );
}
