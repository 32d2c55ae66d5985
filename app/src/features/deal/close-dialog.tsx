import { Modal } from '@mantine/core';
import { useState } from 'react';
import { m } from '../../paraglide/messages.js';
import type { Stage } from './queries.ts';

/** A won or lost deal has a day, and a lost one a reason. */
export function CloseDialog({
  stage,
  today,
  onClose,
  onChoose,
}: {
  stage: Stage;
  /** `YYYY-MM-DD`, by the clocks of the site. */
  today: string;
  onClose: () => void;
  onChoose: (closed: { closedAt: string; lostReason?: string | null }) => void;
}) {
  const [day, setDay] = useState(today);
  const [reason, setReason] = useState('');
  const isLost = stage.status === 'lost';
  return (
    <Modal
      opened
      onClose={onClose}
      title={isLost ? m.deal_close_lost({ stage: stage.name }) : m.deal_close_won({ stage: stage.name })}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onChoose({ closedAt: day, ...(isLost ? { lostReason: reason.trim() || null } : {}) });
        }}
      >
        <label className="field">
          {isLost ? m.deal_lost_day() : m.deal_won_day()}
          <input
            className="input"
            type="date"
            value={day}
            required
            data-autofocus
            onChange={({ target }) => setDay(target.value)}
          />
        </label>
        {isLost ? (
          <label className="field">
            {m.deal_lost_reason()}
            <input
              className="input"
              value={reason}
              maxLength={500}
              onChange={({ target }) => setReason(target.value)}
            />
          </label>
        ) : null}
        <div className="row">
          <button type="submit" className="btn primary" disabled={day === ''}>
            {m.save()}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}
