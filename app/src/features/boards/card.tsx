import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { m } from '../../paraglide/messages.js';
import type { Field } from '../../ui/find/fields.ts';
import { labelOf } from '../../ui/find/words.ts';
import { formatCount, formatDayOfYear, none } from '../../ui/format.ts';
import { cellText, textOf } from '../../ui/records/cell-text.tsx';
import type { Card } from './model.ts';

const dayMs = 86_400_000;

/** How long ago, in days. */
function ageOf(day: string, today: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(day.slice(0, 10))) / dayMs);
  return days <= 0 ? m.board_today() : m.board_days({ count: formatCount(days) });
}

/** Where two points differ, both: linkedin → facebook. */
const arrows: ReadonlyArray<[first: string, lead: string]> = [
  ['firstTouch.source', 'leadCreation.source'],
  ['companySource.firstTouch.source', 'companySource.leadCreation.source'],
  ['person.firstTouch.source', 'person.leadCreation.source'],
];

/** A card: its name, when it came, and the fields that were chosen. */
export function CardBody({
  card,
  path,
  shown,
  fields,
  today,
  aside,
}: {
  card: Card;
  path: string | null;
  /** Names of the fields to be shown. */
  shown: readonly string[];
  fields: readonly Field[];
  today: string;
  /** In place of a person that is missing. */
  aside?: ReactNode;
}) {
  const { title, subtitle, fields: values } = card;
  const came = ['createdAt', 'at'].find((name) => shown.includes(name));
  const moment = came === undefined ? null : textOf(values, came);
  const lines = linesOf({ values, shown, fields });
  const name = title === '' ? m.person_unnamed() : title;
  return (
    <>
      <div className="row between nowrap-row">
        {path === null ? (
          <span className="n cut">{name}</span>
        ) : (
          <Link className="n cut" to={path} tabIndex={-1} draggable={false}>
            {name}
          </Link>
        )}
        {moment === null ? null : <span className="mini nowrap">{ageOf(moment, today)}</span>}
      </div>
      <p className="mini cut">{subtitle ?? m.board_no_company()}</p>
      {aside}
      {lines.map(({ key, label, text }) => (
        <p key={key} className="small-text">
          <span className="vh">{label}: </span>
          {text}
        </p>
      ))}
    </>
  );
}

type Line = { key: string; label: string; text: ReactNode };

function linesOf({
  values,
  shown,
  fields,
}: {
  values: Record<string, unknown>;
  shown: readonly string[];
  fields: readonly Field[];
}): Line[] {
  const done = new Set(['createdAt', 'at', 'currency']);
  // Who brought a deal stands before where they came from.
  const person = ['person.firstName', 'person.lastName']
    .map((name) => textOf(values, name))
    .filter(Boolean)
    .join(' ');
  return shown.flatMap((name): Line[] => {
    if (done.has(name)) return [];
    done.add(name);
    const field = fields.find((one) => one.name === name);
    const label = field === undefined ? name : labelOf(field);
    const pair = arrows.find(([first]) => first === name);
    if (pair !== undefined && shown.includes(pair[1])) {
      done.add(pair[1]);
      const [first, lead] = pair.map((one) => textOf(values, one) ?? m.origin_direct());
      return [{ key: name, label, text: first === lead ? first : `${first} → ${lead}` }];
    }
    if (name === 'person.firstTouch.source' && person !== '') {
      return [{ key: name, label, text: [person, textOf(values, name)].filter(Boolean).join(' · ') }];
    }
    if (name === 'amount') return amountLine(values, shown, done, label);
    const text = cellText(values[name], field);
    if (text === none) return [];
    if (field?.type === 'date') {
      return [{ key: name, label, text: `${label} ${formatDayOfYear(String(values[name]).slice(0, 10))}` }];
    }
    // A number alone says nothing.
    return [{ key: name, label, text: field?.type === 'number' ? `${label} ${text}` : text }];
  });
}

/** "118 000 NOK, won 24 Nov" in one line. */
function amountLine(
  values: Record<string, unknown>,
  shown: readonly string[],
  done: Set<string>,
  label: string,
): Line[] {
  const amount = values['amount'];
  const closed = shown.includes('closedAt') ? textOf(values, 'closedAt') : null;
  const expected = shown.includes('expectedCloseDate') ? textOf(values, 'expectedCloseDate') : null;
  done.add('closedAt').add('expectedCloseDate');
  const day =
    closed !== null
      ? m.board_closed({ day: formatDayOfYear(closed.slice(0, 10)) })
      : expected !== null
        ? m.board_closes({ day: formatDayOfYear(expected.slice(0, 10)) })
        : null;
  if (amount == null && day === null) return [];
  const text = (
    <>
      {amount == null ? null : <b>{`${formatCount(Number(amount))} ${textOf(values, 'currency') ?? ''}`}</b>}{' '}
      {day === null ? null : <span className="soft">{day}</span>}
    </>
  );
  return [{ key: 'amount', label, text }];
}
