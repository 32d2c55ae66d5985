import { Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { addDays, addYears } from '../../api/days.ts';
import { kilde } from '../../api/client.ts';
import { prefix } from '../../api/place.ts';
import { useScope } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { CopyLink } from '../../ui/copy-link.tsx';
import { formatDay } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import type { Shown } from './report-actions.tsx';
import { saveNew } from './save-report.tsx';

const usualDays = 90;

type Made = { key: string; reportId: string };

/** The address for colleagues, or a key that opens this one report until a day. */
export function ShareReport({
  shown,
  onClose,
  onSaved,
}: {
  shown: Shown;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const { today } = useScope();
  const [who, setWho] = useState('');
  const [until, setUntil] = useState(addDays(today, usualDays));
  const isSaved = shown.id !== null && !shown.isChanged;
  const made = useMutation({
    mutationFn: async (): Promise<Made> => {
      const name = who.trim();
      const reportId = isSaved ? shown.id! : await saveNew({ name, query: shown.query });
      const { data } = await kilde().POST('/api/v1/api-keys', {
        body: { name, scopes: [`report:${reportId}`], expiresAt: `${addDays(until, 1)}T00:00:00Z` } as never,
      });
      return { key: (data as unknown as { key: string }).key, reportId };
    },
  });
  const close = (): void => {
    onClose();
    if (made.data !== undefined && made.data.reportId !== shown.id) onSaved(made.data.reportId);
  };
  return (
    <Modal opened onClose={close} title={m.report_share()} closeButtonProps={{ 'aria-label': m.close() }}>
      <div className="stack">
        <h3>{m.share_colleagues()}</h3>
        <p className="mini">{m.share_colleagues_note()}</p>
        <div className="row">
          <CopyLink />
        </div>
        <h3>{m.share_partner()}</h3>
        <p className="mini">{m.share_partner_note()}</p>
        {made.data === undefined ? (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (who.trim() !== '') made.mutate();
            }}
          >
            <label className="field">
              {m.share_who()}
              <input
                className="input"
                value={who}
                maxLength={100}
                required
                data-autofocus
                onChange={({ target }) => setWho(target.value)}
              />
            </label>
            <label className="field">
              {m.share_until()}
              <input
                className="input"
                type="date"
                required
                min={today}
                max={addDays(addYears(today, 1), -2)}
                value={until}
                onChange={({ target }) => setUntil(target.value)}
              />
            </label>
            {isSaved ? null : <p className="mini">{m.share_save_first()}</p>}
            {made.error === null ? null : <Failure error={made.error} what={m.record_not_saved()} />}
            <div className="row">
              <button type="submit" className="btn primary" disabled={who.trim() === '' || made.isPending}>
                {m.share_make()}
              </button>
              <button type="button" className="btn" onClick={close}>
                {m.cancel()}
              </button>
            </div>
          </form>
        ) : (
          <Links made={made.data} until={until} onClose={close} />
        )}
      </div>
    </Modal>
  );
}

function Links({ made, until, onClose }: { made: Made; until: string; onClose: () => void }) {
  const link = `${location.origin}${prefix}/api/v1/reports/${made.reportId}?key=${encodeURIComponent(made.key)}`;
  return (
    <>
      <p className="note" role="status">
        {m.share_once({ day: formatDay(until) })}
      </p>
      {[
        { label: m.share_link(), url: link },
        { label: m.share_csv(), url: `${link}&format=csv` },
      ].map(({ label, url }) => (
        <label key={label} className="field">
          {label}
          <input className="input" readOnly value={url} onFocus={({ target }) => target.select()} />
        </label>
      ))}
      <div className="row">
        <CopyLink url={`${link}&format=csv`} />
        <button type="button" className="btn" onClick={onClose}>
          {m.close()}
        </button>
      </div>
    </>
  );
}
