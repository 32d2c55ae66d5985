import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Deal } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import type { DealChanges } from './use-deal-change.ts';

type Fields = {
  name: string;
  amount: string;
  currency: string;
  expectedCloseDate: string;
  probability: string;
  nextText: string;
  nextDay: string;
};

const fieldsOf = (deal: Deal): Fields => ({
  name: deal.name ?? '',
  amount: deal.amount === null ? '' : String(deal.amount),
  currency: deal.currency,
  expectedCloseDate: deal.expectedCloseDate ?? '',
  probability: String(Math.round(deal.probability * 100)),
  nextText: deal.nextStep?.text ?? '',
  nextDay: deal.nextStep?.day ?? '',
});

/** What was typed as changes: only what differs from the deal. */
export function changesOf(deal: Deal, typed: Fields): DealChanges {
  const before = fieldsOf(deal);
  const differs = (...names: Array<keyof Fields>): boolean => names.some((name) => typed[name] !== before[name]);
  const nextText = typed.nextText.trim();
  return {
    ...(differs('name') ? { name: typed.name.trim() || null } : {}),
    // As decimal text: no digit is lost.
    ...(differs('amount') ? { amount: typed.amount.trim().replace(',', '.') || null } : {}),
    ...(differs('currency') ? { currency: typed.currency.trim().toUpperCase() } : {}),
    ...(differs('expectedCloseDate') ? { expectedCloseDate: typed.expectedCloseDate || null } : {}),
    ...(differs('probability') ? { probability: Number(typed.probability) / 100 } : {}),
    ...(differs('nextText', 'nextDay')
      ? { nextStep: nextText === '' ? null : { text: nextText, day: typed.nextDay || null } }
      : {}),
  };
}

/** All that a person may type of a deal. Saving is done by the page, which shows a conflict. */
export function EditDialog({
  deal,
  onClose,
  onSave,
}: {
  deal: Deal;
  onClose: () => void;
  onSave: (changes: DealChanges, back: DealChanges) => void;
}) {
  const [typed, setTyped] = useState(() => fieldsOf(deal));
  const isOpen = deal.status === 'open';
  const field = (name: keyof Fields, label: string, attributes: Record<string, unknown> = {}): ReactNode => (
    <label className="field">
      {label}
      <input
        className="input"
        value={typed[name]}
        onChange={({ target }) => setTyped((before) => ({ ...before, [name]: target.value }))}
        {...attributes}
      />
    </label>
  );
  return (
    <Modal opened onClose={onClose} title={m.deal_edit()} closeButtonProps={{ 'aria-label': m.close() }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const changes = changesOf(deal, typed);
          if (Object.keys(changes).length === 0) onClose();
          else onSave(changes, backOf(deal, changes));
        }}
      >
        {field('name', m.name(), { maxLength: 255, 'data-autofocus': true })}
        <div className="row even">
          {field('amount', m.deal_amount(), { inputMode: 'decimal', pattern: String.raw`\d{1,15}([.,]\d{1,4})?` })}
          {field('currency', m.deal_currency(), { maxLength: 3, pattern: '[A-Za-z]{3}', required: true })}
        </div>
        {isOpen ? (
          <div className="row even">
            {field('expectedCloseDate', m.deal_expected_close(), { type: 'date' })}
            {field('probability', m.deal_probability(), { type: 'number', min: 0, max: 100, step: 1, required: true })}
          </div>
        ) : null}
        <div className="row even">
          {field('nextText', m.deal_next_step(), { maxLength: 500 })}
          {field('nextDay', m.deal_next_day(), { type: 'date' })}
        </div>
        <div className="row">
          <button type="submit" className="btn primary">
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

/** What gives back what the deal has. */
function backOf(deal: Deal, changes: DealChanges): DealChanges {
  const before: Required<
    Pick<DealChanges, 'name' | 'amount' | 'currency' | 'expectedCloseDate' | 'probability' | 'nextStep'>
  > = {
    name: deal.name,
    amount: deal.amount,
    currency: deal.currency,
    expectedCloseDate: deal.expectedCloseDate,
    probability: deal.probability,
    nextStep: deal.nextStep,
  };
  return Object.fromEntries(Object.entries(before).filter(([name]) => name in changes)) as DealChanges;
}
