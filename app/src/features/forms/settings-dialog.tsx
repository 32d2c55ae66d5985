import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem, kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../../ui/states.tsx';
import { formQuery } from './queries.ts';
import type { Form } from './queries.ts';

type Values = {
  name: string;
  redirectUrl: string;
  thankYou: string;
  closedText: string;
  closesOn: string;
  language: string;
  mode: string;
  mails: string;
  replySubject: string;
  replyText: string;
};

function valuesOf({
  name,
  redirectUrl,
  thankYou,
  closedText,
  closesAt,
  language,
  mode,
  notify,
  autoReply,
}: Form): Values {
  return {
    name,
    redirectUrl: redirectUrl ?? '',
    thankYou: thankYou ?? '',
    closedText: closedText ?? '',
    closesOn: closesAt?.slice(0, 10) ?? '',
    language: language ?? '',
    mode,
    mails: notify.flatMap(({ kind, to }) => (kind === 'email' ? (to ?? []) : [])).join(', '),
    replySubject: autoReply?.subject ?? '',
    replyText: autoReply?.text ?? '',
  };
}

/** What changed, as the API takes it. Chat and webhook targets stay as they are. */
function changesOf(form: Form, values: Values): Record<string, unknown> {
  const before = valuesOf(form);
  const text = (name: 'redirectUrl' | 'thankYou' | 'closedText' | 'language'): object =>
    values[name].trim() === before[name] ? {} : { [name]: values[name].trim() || null };
  const isReplyChanged = values.replySubject !== before.replySubject || values.replyText !== before.replyText;
  const mails = values.mails.split(/[,;\s]+/).filter(Boolean);
  const others = form.notify.filter(({ kind }) => kind !== 'email');
  return {
    ...(values.name.trim() === before.name ? {} : { name: values.name.trim() }),
    ...text('redirectUrl'),
    ...text('thankYou'),
    ...text('closedText'),
    ...text('language'),
    ...(values.closesOn === before.closesOn ? {} : { closesAt: values.closesOn || null }),
    ...(values.mode === before.mode ? {} : { mode: values.mode }),
    ...(values.mails === before.mails
      ? {}
      : { notify: [...(mails.length === 0 ? [] : [{ kind: 'email', to: mails }]), ...others] }),
    ...(isReplyChanged
      ? {
          autoReply:
            values.replyText.trim() === ''
              ? null
              : { subject: values.replySubject.trim() || values.name.trim(), text: values.replyText.trim() },
        }
      : {}),
  };
}

/** What a sender sees, who is told, and who has to wait. Only what changed is sent. */
export function SettingsDialog({ form, onClose }: { form: Form; onClose: () => void }) {
  const client = useQueryClient();
  const { queryKey } = formQuery(form.id);
  const [values, setValues] = useState(() => valuesOf(form));
  const set = (change: Partial<Values>): void => setValues({ ...values, ...change });
  const changes = changesOf(form, values);
  const saved = useMutation({
    mutationFn: async (isForced: boolean) => {
      const etag = client.getQueryData(queryKey)?.etag ?? null;
      return kilde().PATCH('/api/v1/forms/{id}', {
        params: { path: { id: form.id } },
        body: changes as never,
        ...(etag === null || isForced ? {} : { headers: { 'If-Match': etag } }),
      });
    },
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey });
      await client.invalidateQueries({ queryKey: ['forms'] });
    },
  });
  const isConflict = isProblem(saved.error, 'precondition_failed');
  const area = (name: 'thankYou' | 'closedText' | 'replyText', label: string) => (
    <label className="field">
      {label}
      <textarea
        className="input"
        rows={3}
        value={values[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </label>
  );
  const line = (name: 'name' | 'redirectUrl' | 'mails' | 'replySubject' | 'closesOn', label: string, type = 'text') => (
    <label className="field">
      {label}
      <input
        className="input"
        type={type}
        required={name === 'name'}
        value={values[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </label>
  );
  return (
    <Modal opened onClose={onClose} size="lg" title={m.forms_settings()} closeButtonProps={{ 'aria-label': m.close() }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (Object.keys(changes).length === 0) onClose();
          else saved.mutate(isConflict);
        }}
      >
        {line('name', m.selection_name())}
        <h3>{m.forms_sender_sees()}</h3>
        {line('redirectUrl', m.forms_next(), 'url')}
        {area('thankYou', m.forms_thank_you())}
        <label className="field">
          {m.forms_language()}
          <select className="select" value={values.language} onChange={({ target }) => set({ language: target.value })}>
            <option value="">{m.forms_language_browser()}</option>
            <option value="no">Norsk</option>
            <option value="en">English</option>
          </select>
        </label>
        {line('closesOn', m.forms_closes_on(), 'date')}
        {area('closedText', m.forms_closed_text())}
        <h3>{m.forms_reply()}</h3>
        {line('replySubject', m.forms_reply_subject())}
        {area('replyText', m.forms_reply_text())}
        <p className="mini">{m.forms_reply_note()}</p>
        <h3>{m.forms_told()}</h3>
        {line('mails', m.forms_mails())}
        <label className="field">
          {m.forms_mode()}
          <select className="select" value={values.mode} onChange={({ target }) => set({ mode: target.value })}>
            <option value="automatic">{m.forms_mode_automatic()}</option>
            <option value="manualIfUnknown">{m.forms_mode_manual()}</option>
          </select>
        </label>
        {isConflict ? (
          <p className="note amber" role="alert">
            {m.forms_conflict()}
          </p>
        ) : saved.error === null ? null : (
          <Failure error={saved.error} what={m.record_not_saved()} />
        )}
        <div className="row">
          <button type="submit" className="btn primary" disabled={values.name.trim() === '' || saved.isPending}>
            {isConflict ? m.selections_save_mine() : m.save()}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}
