import { Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { rateOf } from '../../api/report.ts';
import type { Rate, Report } from '../../api/report.ts';
import type { Search } from '../../api/search.ts';
import { useScope, useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column, Sort } from '../../ui/data-table.tsx';
import { FactScope } from '../../ui/fact-line.tsx';
import { formatCount, formatDay, none } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { RateCell } from '../../ui/rate.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Answer, Empty, Failure } from '../../ui/states.tsx';
import { QuarantinePanel } from './quarantine-panel.tsx';
import { dealRateOf, dealRatesQuery, formsQuery, statisticsQuery } from './queries.ts';
import type { Form, FormStatistics } from './queries.ts';
import { stateOf } from './state.ts';

type Row = FormStatistics & { form: Form; rate: Rate | null };

/** What each form brings, which of them went silent, and what is quarantined. */
export function FormsPage() {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const { timeZone } = useScope();
  const [isMaking, setMaking] = useState(false);
  const [sort, setSort] = useState<Sort>({ column: 'newLeads', direction: 'desc' });
  const forms = useQuery(formsQuery);
  const statistics = useQuery(statisticsQuery);
  const rates = useQuery(dealRatesQuery(timeZone));
  const tab = search['tab'] === 'quarantine' ? 'quarantine' : '';
  const held = (statistics.data ?? []).reduce((sum, { quarantined }) => sum + quarantined, 0);
  const rows = rowsOf({ forms: forms.data ?? [], statistics: statistics.data ?? [], rates: rates.data });
  const silent = rows.filter(({ silentSince, form }) => silentSince !== null && form.enabled);
  const rateAll = rateOf(rates.data?.totals, 'leadToDealRate');
  const max = Math.max(0.01, ...rows.map(({ rate }) => rate?.high ?? 0));
  return (
    <Page
      title={m.nav_forms()}
      actions={
        <button type="button" className="btn primary" onClick={() => setMaking(true)}>
          {m.forms_new()}
        </button>
      }
    >
      {silent.map(({ form, silentSince }) => (
        <p key={form.id} className="note warn">
          <b>{m.forms_silent_since({ name: form.name, day: formatDay(silentSince!.slice(0, 10)) })}</b>{' '}
          <Link to="/forms/$id" params={{ id: form.id }}>
            {m.forms_see_check()}
          </Link>
        </p>
      ))}
      <div className="row">
        <Segments
          label={m.forms_show()}
          options={[
            { value: '', label: m.nav_forms() },
            { value: 'quarantine', label: m.forms_quarantine_count({ count: formatCount(held) }) },
          ]}
          value={tab}
          onChange={(value) => setSearch({ tab: value || undefined })}
        />
      </div>
      {tab === 'quarantine' ? (
        <QuarantinePanel form={null} />
      ) : (
        <FactScope whole={m.forms_fact()}>
          {(line) => (
            <section className="panel" aria-label={m.nav_forms()}>
              <Answer asked={forms.data === undefined ? forms : statistics} height={260}>
                {() =>
                  rows.length === 0 ? (
                    <Empty
                      title={m.forms_none()}
                      actions={
                        <button type="button" className="btn sm primary" onClick={() => setMaking(true)}>
                          {m.forms_new()}
                        </button>
                      }
                    >
                      {m.forms_none_why()}
                    </Empty>
                  ) : (
                    <DataTable
                      caption={m.nav_forms()}
                      columns={columnsOf({ rateAll: rateAll?.value ?? null, max })}
                      rows={sorted(rows, sort)}
                      keyOf={({ form }) => form.id}
                      sort={sort}
                      onSort={setSort}
                    />
                  )
                }
              </Answer>
              {line}
            </section>
          )}
        </FactScope>
      )}
      {isMaking ? <NewForm onClose={() => setMaking(false)} /> : null}
    </Page>
  );
}

function rowsOf({
  forms,
  statistics,
  rates,
}: {
  forms: readonly Form[];
  statistics: ReadonlyArray<FormStatistics & { form: { id: string } }>;
  rates: Report | undefined;
}): Row[] {
  return forms.flatMap((form) => {
    const own = statistics.find((one) => one.form.id === form.id);
    if (own === undefined) return [];
    return [{ ...own, form, rate: dealRateOf(rates, form.id) }];
  });
}

function sorted(rows: readonly Row[], { column, direction }: Sort): Row[] {
  const valueOf = (row: Row): number | string => {
    if (column === 'name') return row.form.name.toLowerCase();
    if (column === 'rate') return row.rate?.value ?? -1;
    if (column === 'last') return row.lastSubmissionAt ?? '';
    return (row as unknown as Record<string, number | null>)[column] ?? -1;
  };
  const sign = direction === 'desc' ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    return x === y ? 0 : x < y ? -sign : sign;
  });
}

function columnsOf({ rateAll, max }: { rateAll: number | null; max: number }): Array<Column<Row>> {
  const soft = (text: string) => <span className="soft">{text}</span>;
  return [
    {
      id: 'name',
      head: m.form(),
      canSort: true,
      cell: ({ form, silentSince }) => (
        <>
          <Link to="/forms/$id" params={{ id: form.id }} tabIndex={-1}>
            {form.name}
          </Link>
          {silentSince !== null && form.enabled ? (
            <span className="phone">
              {' '}
              <span className="tag warn">{m.forms_silent()}</span>
            </span>
          ) : null}
        </>
      ),
    },
    {
      id: 'state',
      head: m.forms_state(),
      isOnPhone: false,
      cell: ({ form, silentSince }) =>
        silentSince !== null && form.enabled ? (
          <span className="tag warn">{m.forms_silent()}</span>
        ) : form.enabled && !isClosed(form) ? (
          stateOf(form)
        ) : (
          soft(stateOf(form))
        ),
    },
    {
      id: 'total',
      head: m.submissions_title(),
      kind: 'num',
      canSort: true,
      isOnPhone: false,
      cell: ({ total }) => formatCount(total),
    },
    {
      id: 'newLeads',
      head: m.forms_new_leads(),
      kind: 'num',
      canSort: true,
      cell: ({ newLeads }) => formatCount(newLeads),
    },
    {
      id: 'last7Days',
      head: m.forms_week(),
      kind: 'num',
      canSort: true,
      cell: ({ last7Days }) => formatCount(last7Days),
    },
    {
      id: 'usualWeek',
      head: m.forms_usually(),
      kind: 'num',
      isOnPhone: false,
      cell: ({ usualWeek }) => soft(formatCount(usualWeek)),
      fact: ({ form, usualWeek }) =>
        usualWeek === null
          ? m.forms_no_usual()
          : m.forms_usual_fact({ name: form.name, count: formatCount(usualWeek) }),
    },
    {
      id: 'last',
      head: m.forms_last(),
      canSort: true,
      isOnPhone: false,
      cell: ({ lastSubmissionAt }) =>
        lastSubmissionAt === null ? (
          soft(none)
        ) : (
          <span className="nowrap">{formatDay(lastSubmissionAt.slice(0, 10))}</span>
        ),
    },
    {
      id: 'rate',
      head: m.forms_lead_to_deal(),
      kind: 'r',
      canSort: true,
      isOnPhone: false,
      cell: ({ rate }) => <RateCell rate={rate} all={rateAll} max={max} width={110} />,
    },
    {
      id: 'quarantined',
      head: m.forms_quarantine(),
      kind: 'num',
      canSort: true,
      isOnPhone: false,
      cell: ({ quarantined }) => (quarantined === 0 ? soft(none) : formatCount(quarantined)),
    },
  ];
}

function isClosed({ closesAt }: Form): boolean {
  return closesAt !== null && closesAt < new Date().toISOString();
}

/** A form needs a name alone. */
function NewForm({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [redirectUrl, setRedirect] = useState('');
  const made = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), ...(redirectUrl.trim() === '' ? {} : { redirectUrl: redirectUrl.trim() }) };
      return (await kilde().POST('/api/v1/forms', { body: body as never })).data as unknown as Form;
    },
    onSuccess: async ({ id }) => {
      await Promise.all(
        [['forms'], ['form-statistics']].map(async (queryKey) => client.invalidateQueries({ queryKey })),
      );
      await navigate({ to: '/forms/$id', params: { id } });
    },
  });
  return (
    <Modal opened onClose={onClose} title={m.forms_new()} closeButtonProps={{ 'aria-label': m.close() }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') made.mutate();
        }}
      >
        <label className="field">
          {m.selection_name()}
          <input
            className="input"
            value={name}
            maxLength={200}
            required
            data-autofocus
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label className="field">
          {m.forms_next()}
          <input
            className="input"
            type="url"
            placeholder="https://"
            value={redirectUrl}
            onChange={({ target }) => setRedirect(target.value)}
          />
        </label>
        <p className="mini">{m.forms_new_note()}</p>
        {made.error === null ? null : <Failure error={made.error} what={m.record_not_saved()} />}
        <div className="row">
          <button type="submit" className="btn primary" disabled={name.trim() === '' || made.isPending}>
            {m.selections_make()}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}
