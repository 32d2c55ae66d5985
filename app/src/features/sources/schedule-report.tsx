import { Modal } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { useScope } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { formatMoment, weekdayLetters } from '../../ui/format.ts';
import { Answer, Failure } from '../../ui/states.tsx';
import type { Shown } from './report-actions.tsx';
import { saveNew } from './save-report.tsx';
import { cronOf } from './saved-report.ts';
import type { Every } from './saved-report.ts';

type Made = { id: string; reportId: string; nextAt: string | null };

/** When in words, to whom; then what would be sent. A report that is not saved as it stands is saved first, under the schedule's name. */
export function ScheduleReport({
  shown,
  onClose,
  onSaved,
}: {
  shown: Shown;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const { timeZone } = useScope();
  const [name, setName] = useState(shown.name);
  const [every, setEvery] = useState<Every>('week');
  const [weekday, setWeekday] = useState(1);
  const [time, setTime] = useState('08:00');
  const [to, setTo] = useState('');
  const made = useMutation({
    mutationFn: async (): Promise<Made> => {
      const isSaved = shown.id !== null && !shown.isChanged;
      const reportId = isSaved ? shown.id! : await saveNew({ name: name.trim(), query: shown.query });
      const addresses = to.split(/[,;\s]+/).filter(Boolean);
      const { data } = await kilde().POST('/api/v1/schedules', {
        body: {
          name: name.trim(),
          reportId,
          cron: cronOf({ every, weekday, time }),
          timeZone,
          language: getLocale() === 'nb' ? 'no' : 'en',
          targets: addresses.length === 0 ? [] : [{ kind: 'email', to: addresses }],
        } as never,
      });
      return { ...(data as unknown as Omit<Made, 'reportId'>), reportId };
    },
  });
  const close = (): void => {
    onClose();
    if (made.data !== undefined && made.data.reportId !== shown.id) onSaved(made.data.reportId);
  };
  const everyName: Record<Every, string> = {
    day: m.schedule_day(),
    workday: m.schedule_workday(),
    week: m.schedule_week(),
    month: m.schedule_month(),
  };
  return (
    <Modal opened onClose={close} title={m.report_schedule_title()} closeButtonProps={{ 'aria-label': m.close() }}>
      {made.data === undefined ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') made.mutate();
          }}
        >
          <label className="field">
            {m.report_name()}
            <input
              className="input"
              value={name}
              maxLength={100}
              required
              data-autofocus
              onChange={({ target }) => setName(target.value)}
            />
          </label>
          <div className="row">
            <label className="field">
              {m.schedule_when()}
              <select className="select" value={every} onChange={({ target }) => setEvery(target.value as Every)}>
                {(Object.keys(everyName) as Every[]).map((one) => (
                  <option key={one} value={one}>
                    {everyName[one]}
                  </option>
                ))}
              </select>
            </label>
            {every === 'week' ? (
              <label className="field">
                {m.schedule_weekday()}
                <select className="select" value={weekday} onChange={({ target }) => setWeekday(Number(target.value))}>
                  {weekdayLetters().map(({ name: day }, place) => (
                    <option key={day} value={place + 1}>
                      {day}
                    </option>
                  ))}
                </select>
              </label>
            ) : null}
            <label className="field">
              {m.schedule_time()}
              <input
                className="input"
                type="time"
                required
                value={time}
                onChange={({ target }) => setTime(target.value)}
              />
            </label>
          </div>
          <p className="mini">{m.schedule_zone({ zone: timeZone })}</p>
          <label className="field">
            {m.schedule_to()}
            <input className="input" value={to} onChange={({ target }) => setTo(target.value)} />
          </label>
          <p className="mini">{m.schedule_to_note()}</p>
          {made.error === null ? null : <Failure error={made.error} what={m.record_not_saved()} />}
          <div className="row">
            <button type="submit" className="btn primary" disabled={name.trim() === '' || made.isPending}>
              {m.save()}
            </button>
            <button type="button" className="btn" onClick={close}>
              {m.cancel()}
            </button>
          </div>
        </form>
      ) : (
        <Preview made={made.data} onClose={close} />
      )}
    </Modal>
  );
}

/** When it goes out next, and what would be sent now. */
function Preview({ made, onClose }: { made: Made; onClose: () => void }) {
  const run = async (dryRun: boolean) => {
    const { data } = await kilde().POST('/api/v1/schedules/{id}/run', {
      params: { path: { id: made.id } },
      body: { dryRun } as never,
    });
    return data as unknown as { subject: string; text: string };
  };
  const asked = useQuery({ queryKey: ['schedule-preview', made.id], queryFn: async () => run(true) });
  const sent = useMutation({ mutationFn: async () => run(false) });
  return (
    <div className="stack">
      <p className="note" role="status">
        {m.schedule_saved({ moment: made.nextAt === null ? '–' : formatMoment(made.nextAt) })}
      </p>
      <h3>{m.schedule_preview()}</h3>
      <Answer asked={asked} height={160}>
        {({ subject, text }) => (
          <>
            <p>
              <b>{subject}</b>
            </p>
            <pre className="mail" tabIndex={0} aria-label={m.schedule_preview()}>
              {text}
            </pre>
          </>
        )}
      </Answer>
      {sent.error === null ? null : <Failure error={sent.error} />}
      <div className="row">
        <button type="button" className="btn" disabled={!sent.isIdle} onClick={() => sent.mutate()}>
          {m.schedule_send()}
        </button>
        <button type="button" className="btn primary" onClick={onClose}>
          {m.close()}
        </button>
        <span role="status">{sent.isSuccess ? m.schedule_sent() : ''}</span>
      </div>
    </div>
  );
}
