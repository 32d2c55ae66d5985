import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../../ui/states.tsx';
import { newestFormQuery } from './queries.ts';
import type { Form } from './queries.ts';

/** A name is all a form needs. */
export function FormStep({ form }: { form: Form | null }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(form?.name ?? m.start_form_usual());
  const [redirectUrl, setRedirectUrl] = useState(form?.redirectUrl ?? '');
  const saved = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), redirectUrl: redirectUrl.trim() === '' ? null : redirectUrl.trim() };
      if (form === null) await kilde().POST('/api/v1/forms', { body });
      else await kilde().PATCH('/api/v1/forms/{id}', { params: { path: { id: form.id } }, body });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: newestFormQuery.queryKey });
      await navigate({ to: '/start/$step', params: { step: 'lead' } });
    },
  });
  return (
    <form
      className="stack start-form"
      onSubmit={(event) => {
        event.preventDefault();
        saved.mutate();
      }}
    >
      <h1>{m.start_form_title()}</h1>
      <p className="say soft">{m.start_form_why()}</p>
      <label className="field">
        {m.name()}
        <input
          className="input"
          value={name}
          maxLength={100}
          required
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <label className="field">
        {m.start_form_next()}
        <input
          className="input"
          type="url"
          value={redirectUrl}
          placeholder="https://example.com/thanks"
          onChange={({ target }) => setRedirectUrl(target.value)}
        />
      </label>
      {saved.error === null ? null : <Failure error={saved.error} what={m.record_not_saved()} />}
      <div className="row">
        <button type="submit" className="btn primary" disabled={saved.isPending}>
          {m.start_go_on()}
        </button>
      </div>
    </form>
  );
}
