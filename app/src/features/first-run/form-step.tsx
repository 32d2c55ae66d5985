import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { Field, Form } from '../../ui/form.tsx';
import { newestFormQuery } from './queries.ts';
import type { Form as StoredForm } from './queries.ts';

/** A name is all a form needs. */
export function FormStep({ form }: { form: StoredForm | null }) {
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
    <Form
      className="start-form"
      title={m.start_form_title()}
      about={m.start_form_why()}
      button={m.start_go_on()}
      isSending={saved.isPending}
      error={saved.error}
      onSend={() => saved.mutate()}
    >
      <Field label={m.name()} value={name} maxLength={100} required onChange={({ target }) => setName(target.value)} />
      <Field
        label={m.start_form_next()}
        type="url"
        value={redirectUrl}
        placeholder="https://example.com/thanks"
        onChange={({ target }) => setRedirectUrl(target.value)}
      />
    </Form>
  );
}
