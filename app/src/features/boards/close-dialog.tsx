import { Modal } from '@mantine/core';
import { useState } from 'react';
import { m } from '../../paraglide/messages.js';

export type Closing = { closedAt: string; lostReason?: string };

/** Winning or losing a deal asks for the day, and if lost, for the reason. */
export function CloseDialog({
  name,
  stage,
  status,
  today,
  also,
  onClose,
  onDone,
}: {
  name: string;
  stage: string;
  status: 'won' | 'lost';
  today: string;
  /** What else it sets. */
  also: string | null;
  onClose: () => void;
  onDone: (closing: Closing) => void;
}) {
  const [day, setDay] = useState(today);
  const [reason, setReason] = useState('');
  return (
    <Modal
      opened
      onClose={onClose}
      title={m.board_close_title({ name, stage })}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onDone({
            closedAt: day,
            ...(status === 'lost' && reason.trim() !== '' ? { lostReason: reason.trim() } : {}),
          });
        }}
      >
        <label className="field">
          {status === 'won' ? m.board_won_on() : m.board_lost_on()}
          <input
            className="input"
            type="date"
            required
            data-autofocus
            value={day}
            onChange={({ target }) => setDay(target.value)}
          />
        </label>
        {status === 'lost' ? (
          <label className="field">
            {m.board_lost_reason()}
            <input
              className="input"
              value={reason}
              maxLength={255}
              onChange={({ target }) => setReason(target.value)}
            />
          </label>
        ) : null}
        {also === null ? null : <p className="soft">{also}</p>}
        <div className="row">
          <button type="submit" className="btn primary" disabled={day === ''}>
            {m.board_move_to({ stage })}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}
