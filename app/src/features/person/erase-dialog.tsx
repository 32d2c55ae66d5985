import { Modal } from '@mantine/core';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import type { Person } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../../ui/states.tsx';

/** Says what goes and what stays, and asks for the address to be typed: it cannot be undone. */
export function EraseDialog({
  person,
  name,
  onClose,
  onErased,
}: {
  person: Person;
  name: string;
  onClose: () => void;
  onErased: () => void;
}) {
  const wanted = person.email ?? person.phone ?? name;
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const erase = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await kilde().DELETE('/api/v1/people/{id}', { params: { path: { id: person.id } } });
      onErased();
    } catch (failed) {
      setError(failed as Error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={m.erase_title({ name })} closeButtonProps={{ 'aria-label': m.close() }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === wanted) void erase();
        }}
      >
        <p>{m.erase_goes()}</p>
        <p>{m.erase_stays()}</p>
        <label className="field">
          {m.erase_type({ address: wanted })}
          <input
            className="input"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            autoComplete="off"
            data-autofocus
          />
        </label>
        {error === null ? null : <Failure error={error} what={m.erase_failed()} />}
        <div className="row">
          <button type="submit" className="btn danger" disabled={typed.trim() !== wanted || isBusy}>
            {m.erase_button()}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}
