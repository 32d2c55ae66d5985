import { useState } from 'react';
import type { Person } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { formatMoment, none } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';

/** Consents; "Show more" of a purpose reveals the text agreed to and the utm values of both points, read-only. */
export function Privacy({ person }: { person: Person }) {
  const [isOpen, setOpen] = useState(false);
  const [newest] = person.consents;
  return (
    <Panel
      title={m.privacy_title()}
      actions={newest === undefined ? undefined : <span className="mini">{m.privacy_basis()}</span>}
    >
      {newest === undefined ? (
        <p className="in mini">{m.privacy_none()}</p>
      ) : (
        <table className="t dense">
          <caption className="vh">{m.privacy_consents()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.privacy_purpose()}</th>
              <th scope="col">{m.privacy_given()}</th>
              <th scope="col">{m.privacy_by()}</th>
            </tr>
          </thead>
          <tbody>
            {person.consents.map(({ purpose, at, form }) => (
              <tr key={purpose}>
                <th scope="row">{purpose}</th>
                <td>{formatMoment(at)}</td>
                <td>{form?.name ?? none}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="in">
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>
            {isOpen
              ? m.privacy_less({ purpose: newest?.purpose ?? m.privacy_marketing() })
              : m.privacy_more({ purpose: newest?.purpose ?? m.privacy_marketing() })}
          </summary>
          {newest?.text == null ? null : <p className="mini above">{m.privacy_text({ text: newest.text })}</p>}
          <div className="grid pairs">
            <UtmFields name={m.point_first_touch()} point={person.firstTouch} />
            <UtmFields name={m.point_lead_creation()} point={person.leadCreation} />
          </div>
        </details>
      </div>
    </Panel>
  );
}

function UtmFields({ name, point }: { name: string; point: Person['firstTouch'] }) {
  const fields: Array<[string, string | null]> = [
    [m.utm_source(), point.source],
    [m.utm_medium(), point.medium],
    [m.utm_campaign(), point.campaign],
    [m.utm_term(), point.term],
    [m.utm_content(), point.content],
    [m.utm_id(), point.utmId],
    [m.utm_channel(), point.channel],
    [m.utm_referrer(), point.referrerDomain],
    [m.utm_click_id(), point.clickId === null ? null : `${point.clickId.name} ${shorten(point.clickId.value)}`],
    [m.utm_time(), formatMoment(point.at)],
  ];
  return (
    <div className="w6">
      <h3>{name}</h3>
      <dl className="dl facts">
        {fields.map(([label, value]) => (
          <div key={label} className="pair">
            <dt>{label}</dt>
            <dd>{value ?? none}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The ends are enough to see whether two click ids are the same. */
function shorten(value: string): string {
  return value.length <= 12 ? value : `${value.slice(0, 4)}…${value.slice(-2)}`;
}
