import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem, kilde } from '../../api/client.ts';
import { useScope } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatDay, formatPercent, none } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { originName } from '../../ui/records/origin.ts';
import { MoreActions } from '../../ui/records/more-actions.tsx';
import { rateText } from '../../ui/rate.tsx';
import { SnippetPanel } from '../../ui/snippet-panel.tsx';
import { Answer, Empty, Failure } from '../../ui/states.tsx';
import { ApprovalsPanel } from './approvals-panel.tsx';
import { CheckPanel } from './check-panel.tsx';
import { DeleteForm } from './delete-form.tsx';
import { QuarantinePanel } from './quarantine-panel.tsx';
import { dealRateOf, dealRatesQuery, formQuery, formStatisticsQuery, latestQuery } from './queries.ts';
import type { Form, FormStatistics } from './queries.ts';
import { SettingsDialog } from './settings-dialog.tsx';
import { SpamDialog } from './spam-dialog.tsx';
import { stateOf } from './state.ts';

/** Does this form work, what does it bring, and what is to be pasted into the page? */
export function FormPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const asked = useQuery(formQuery(id));
  if (isProblem(asked.error, 'not_found')) {
    return (
      <Page title={m.form()}>
        <section className="panel">
          <Empty
            title={m.forms_gone()}
            actions={
              <Link className="btn sm primary" to="/forms">
                {m.nav_forms()}
              </Link>
            }
          />
        </section>
      </Page>
    );
  }
  if (asked.data === undefined || asked.data.record.id !== id) {
    return (
      <Page title={m.form()}>
        <Answer asked={{ ...asked, data: undefined }} height={420}>
          {() => null}
        </Answer>
      </Page>
    );
  }
  return <KnownForm key={id} form={asked.data.record} />;
}

type Open = 'settings' | 'delete' | null;

function KnownForm({ form }: { form: Form }) {
  const { id, name, enabled, utmTracking, action } = form;
  const [open, setOpen] = useState<Open>(null);
  const navigate = useNavigate();
  const statistics = useQuery(formStatisticsQuery(id));
  const switched = useSwitch(id);
  const silentSince = statistics.data?.silentSince ?? null;
  return (
    <Page
      title={name}
      crumb={<Link to="/forms">{m.nav_forms()}</Link>}
      about={<p className="mono cut">{action}</p>}
      actions={
        <>
          <Switch
            label={m.forms_accepts()}
            isOn={enabled}
            isBusy={switched.isPending}
            onChange={(isOn) => switched.mutate({ enabled: isOn })}
          />
          <Switch
            label={m.forms_tracks()}
            isOn={utmTracking}
            isBusy={switched.isPending}
            onChange={(isOn) => switched.mutate({ utmTracking: isOn })}
          />
          <MoreActions
            label={m.selections_do_with({ name })}
            actions={[
              { label: m.forms_settings(), onChoose: () => setOpen('settings') },
              { label: m.selections_delete(), onChoose: () => setOpen('delete'), isDangerous: true },
            ]}
          />
        </>
      }
    >
      {switched.error === null ? null : <Failure error={switched.error} what={m.record_not_saved()} />}
      {enabled ? null : (
        <p className="note amber">{m.forms_is_off({ text: form.closedText ?? m.forms_closed_usual() })}</p>
      )}
      {silentSince === null || !enabled ? null : (
        <p className="note warn">
          <b>{m.forms_silent_since({ name, day: formatDay(silentSince.slice(0, 10)) })}</b> {m.forms_silent_why()}
        </p>
      )}
      <Answer asked={statistics} height={76}>
        {(data) => <Figures form={form} statistics={data} />}
      </Answer>
      <div className="grid">
        <div className="w6 stack wide">
          <CheckPanel form={form} />
          <Latest id={id} />
        </div>
        <div className="w6 stack wide">
          <SnippetPanel action={action} />
        </div>
      </div>
      <ApprovalsPanel form={form} />
      <QuarantinePanel form={id} />
      {open === 'settings' ? <SettingsDialog form={form} onClose={() => setOpen(null)} /> : null}
      {open === 'delete' ? (
        <DeleteForm form={form} onClose={() => setOpen(null)} onDeleted={() => void navigate({ to: '/forms' })} />
      ) : null}
    </Page>
  );
}

/** One setting that is saved at once. */
function useSwitch(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (changes: { enabled: boolean } | { utmTracking: boolean }) =>
      kilde().PATCH('/api/v1/forms/{id}', { params: { path: { id } }, body: changes }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['form', id] });
      await client.invalidateQueries({ queryKey: ['forms'] });
    },
  });
}

function Switch({
  label,
  isOn,
  isBusy,
  onChange,
}: {
  label: string;
  isOn: boolean;
  isBusy: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      className={isOn ? 'switch on' : 'switch'}
      disabled={isBusy}
      onClick={() => onChange(!isOn)}
    >
      <i aria-hidden="true" /> {label}
    </button>
  );
}

function Figures({ form, statistics }: { form: Form; statistics: FormStatistics }) {
  const { timeZone } = useScope();
  const rate = dealRateOf(useQuery(dealRatesQuery(timeZone)).data, form.id);
  const { total, last7Days, usualWeek, newLeads, lastSubmissionAt } = statistics;
  const figures: Array<[label: string, value: string, note: string]> = [
    [
      m.forms_week(),
      formatCount(last7Days),
      usualWeek === null ? m.forms_no_usual() : m.forms_usually_count({ count: formatCount(usualWeek) }),
    ],
    [
      m.submissions_title(),
      formatCount(total),
      lastSubmissionAt === null ? none : m.forms_last_on({ day: formatDay(lastSubmissionAt.slice(0, 10)) }),
    ],
    [
      m.forms_new_leads(),
      formatCount(newLeads),
      total === 0 ? none : m.forms_of_them({ percent: formatPercent(newLeads / total, 0) }),
    ],
    [m.forms_known(), formatCount(total - newLeads), m.forms_conversions()],
    [
      m.forms_became_deal(),
      rateText(rate),
      rate === null || rate.low === null || rate.high === null
        ? none
        : m.forms_interval({ low: formatPercent(rate.low), high: formatPercent(rate.high) }),
    ],
    [m.forms_state(), stateOf(form), form.site.name],
  ];
  return (
    <dl className="panel figs">
      {figures.map(([label, value, note]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value}
            <small>{note}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Latest({ id }: { id: string }) {
  const asked = useQuery(latestQuery(id));
  const [marked, setMarked] = useState<string | null>(null);
  return (
    <section className="panel" aria-label={m.forms_latest()}>
      <header>
        <h2>{m.forms_latest()}</h2>
      </header>
      <Answer asked={asked} height={140}>
        {(items) =>
          items.length === 0 ? (
            <p className="in soft">{m.forms_nothing_yet()}</p>
          ) : (
            <div className="scroll">
              <table className="t dense">
                <caption className="vh">{m.forms_latest()}</caption>
                <thead>
                  <tr>
                    <th scope="col">{m.submission_sent()}</th>
                    <th scope="col">{m.person()}</th>
                    <th scope="col" className="desk">
                      {m.origin()}
                    </th>
                    <th scope="col">
                      <span className="vh">{m.selections_do()}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map(({ id: submission, at, person, touch }) => (
                    <tr key={submission}>
                      <td className="nowrap">{formatDay(at.slice(0, 10))}</td>
                      <td>
                        {person === null ? (
                          none
                        ) : (
                          <Link className="under" to="/people/$id" params={{ id: person.id }}>
                            {person.name ?? person.email ?? person.id}
                          </Link>
                        )}
                      </td>
                      <td className="desk">{touch === null ? none : originName(touch)}</td>
                      <td className="num">
                        <button type="button" className="btn quiet sm" onClick={() => setMarked(submission)}>
                          {m.spam_mark()}
                        </button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
      {marked === null ? null : <SpamDialog submissionId={marked} onClose={() => setMarked(null)} />}
    </section>
  );
}
