import { expect, it } from 'vitest';
import { groupAlike } from '../src/features/forms/groups.ts';
import type { Held } from '../src/features/forms/queries.ts';

let next = 0;
function held(fields: Record<string, string>, reasons = ['honeypot']): Held {
  const at = `2026-09-${String(28 - next).padStart(2, '0')}T10:00:00.000Z`;
  return { id: `h${next++}`, form: { id: 'contact', name: 'Contact' }, at, reasons, fields };
}

it('puts submissions together that say the same but for numbers, links and case', () => {
  const pitch = 'Dear Sir, we offer first page rankings. Price list';
  const groups = groupAlike([
    held({ email: 'a@one.example', message: `${pitch} 41 https://one.example` }),
    held({ email: 'kari@firma.example', message: 'Hi' }, ['tooFast']),
    held({ 'e-post': 'b@two.example', message: `${pitch.toUpperCase()} 7` }, ['bot']),
  ]);
  expect(groups.map(({ items, sender }) => [items.length, sender])).toEqual([
    [2, 'a@one.example'],
    [1, 'kari@firma.example'],
  ]);
});

it('keeps short texts of different senders, and those without any, apart', () => {
  const groups = groupAlike([
    held({ email: 'a@one.example', message: 'Call me please' }),
    held({ email: 'b@two.example', message: 'Call me please' }),
    held({ phone: '22 33 44 55' }),
    held({ phone: '22 33 44 55' }),
  ]);
  expect(groups.map(({ items }) => items.length)).toEqual([1, 1, 1, 1]);
});
