import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { CopyButton } from '../../ui/snippet-panel.tsx';
import { Failure } from '../../ui/states.tsx';
import type { Form } from './queries.ts';

type Step = {
  step: 'page' | 'script' | 'arrival' | 'form' | 'journey' | 'lead';
  result: 'works' | 'fails' | 'browser' | 'notTried';
  text: string;
  fix: string | null;
};

const stepNames: Record<Step['step'], () => string> = {
  page: () => m.check_page(),
  script: () => m.check_script(),
  arrival: () => m.check_arrival(),
  form: () => m.check_form(),
  journey: () => m.check_journey(),
  lead: () => m.check_lead(),
};
const results: Record<Step['result'], () => string> = {
  works: () => m.check_works(),
  fails: () => m.check_fails(),
  browser: () => m.check_browser(),
  notTried: () => m.check_not_tried(),
};
const classes: Record<Step['result'], string> = { works: 'ok', fails: 'bad', browser: 'now', notTried: '' };

/** Six steps in order on a page; it stops at the first that fails, with the exact text to paste. */
export function CheckPanel({ form: { id } }: { form: Form }) {
  const [page, setPage] = useState(() => localStorage.getItem(`kilde.check.${id}`) ?? '');
  const checked = useMutation({
    mutationFn: async () => {
      localStorage.setItem(`kilde.check.${id}`, page.trim());
      const { data } = await kilde().POST('/api/v1/forms/{id}/check', {
        params: { path: { id } },
        body: { page: page.trim() },
      });
      return (data as unknown as { steps: Step[] }).steps;
    },
  });
  return (
    <section className="panel" aria-label={m.check_title()} aria-busy={checked.isPending}>
      <header>
        <h2>{m.check_title()}</h2>
      </header>
      <div className="in stack">
        <form
          className="row nowrap-row"
          onSubmit={(event) => {
            event.preventDefault();
            if (page.trim() !== '') checked.mutate();
          }}
        >
          <input
            className="input grow"
            type="url"
            required
            aria-label={m.check_address()}
            placeholder={m.check_placeholder()}
            value={page}
            onChange={({ target }) => setPage(target.value)}
          />
          <button type="submit" className="btn primary" disabled={checked.isPending}>
            {checked.isPending ? m.check_running() : checked.data === undefined ? m.check_do() : m.check_again()}
          </button>
        </form>
        {checked.error === null ? null : <Failure error={checked.error} what={m.check_not_done()} />}
        {checked.data === undefined ? (
          <p className="mini">{m.check_note()}</p>
        ) : (
          <ol className="steps" role="list">
            {checked.data.map(({ step, result, text, fix }, place) => (
              <li key={step} className={classes[result]}>
                <span className="m" aria-hidden="true">
                  {result === 'works' ? '✓' : result === 'fails' ? '!' : place + 1}
                </span>
                <div>
                  <b>{stepNames[step]()}</b>
                  <p className="mini">{text}</p>
                  {fix === null ? null : (
                    <div className="row">
                      <code className="mono fix">{fix}</code>
                      <CopyButton text={fix} />
                    </div>
                  )}
                </div>
                <span className="mini nowrap">{results[result]()}</span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}
