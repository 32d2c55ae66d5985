import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { prefix } from '../../api/place.ts';
import { personName } from '../../api/records.ts';
import type { Person } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { formatClock, formatDay } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { originName } from '../../ui/records/origin.ts';
import { Point } from '../../ui/records/point.tsx';
import { SnippetPanel } from '../../ui/snippet-panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { newestLeadQuery } from './queries.ts';
import type { Form } from './queries.ts';

/** Where the stream of events is cut, a lead is seen this late. */
const pollMs = 4_000;

/** The snippet, and the first lead as it arrives: by the stream of events, and by asking where that is cut. */
export function FirstLead({ form, siteId }: { form: Form | null; siteId: string | undefined }) {
  const client = useQueryClient();
  const [since] = useState(() => new Date().toISOString());
  const [hasWaited, setWaited] = useState(false);
  const lead = useQuery({
    ...newestLeadQuery(since),
    refetchInterval: ({ state }) => (state.data == null ? pollMs : false),
  });
  useEffect(() => {
    const site = siteId === undefined ? '' : `&site=${encodeURIComponent(siteId)}`;
    const stream = new EventSource(`${prefix}/api/v1/events/stream?events=person.created${site}`);
    stream.addEventListener('person.created', () => void client.invalidateQueries({ queryKey: ['newest-lead'] }));
    stream.addEventListener('error', () => stream.close());
    const timer = setTimeout(() => setWaited(true), 120_000);
    return () => {
      stream.close();
      clearTimeout(timer);
    };
  }, [client, siteId]);
  if (form === null) {
    return (
      <Empty
        title={m.start_no_form()}
        actions={
          <Link className="btn primary" to="/start/$step" params={{ step: 'form' }}>
            {m.start_form()}
          </Link>
        }
      />
    );
  }
  return (
    <>
      <h1>{m.start_lead_title()}</h1>
      <p className="say soft">{m.start_lead_why()}</p>
      <SnippetPanel action={form.action} />
      {lead.data == null ? (
        <Panel
          title={
            <>
              <span className="live pulse" aria-hidden="true" />
              {m.start_waiting_for()}
            </>
          }
          actions={<span className="mini">{m.start_since({ time: formatClock(Date.parse(since)) })}</span>}
          fact={<p className="fact">{m.start_becomes()}</p>}
        >
          <p className="in small-text" aria-live="polite">
            {hasWaited ? m.start_waited_long() : m.start_send_own()}
          </p>
        </Panel>
      ) : (
        <Arrived person={lead.data} />
      )}
      <div className="row">
        <a className="btn primary" href={`${prefix}/demo`} target="_blank" rel="noreferrer">
          {m.start_test_page()}
        </a>
        <Link className="skip-link" to="/overview">
          {m.start_skip()}
        </Link>
      </div>
    </>
  );
}

function Arrived({ person }: { person: Person }) {
  const { firstTouch, leadCreation } = person;
  const facts = (point: Person['firstTouch']): string => [point.campaign, point.channel].filter(Boolean).join(' · ');
  return (
    <section className="panel" aria-live="polite" aria-label={m.start_arrived()}>
      <header>
        <h2>{m.start_arrived()}</h2>
        <Link className="btn sm" to="/people/$id" params={{ id: person.id }}>
          {personName(person) ?? m.person_unnamed()}
        </Link>
      </header>
      <div className="points two">
        <Point
          name={m.point_first_touch()}
          note={formatDay(firstTouch.at.slice(0, 10))}
          isFrozen
          origin={originName(firstTouch)}
          facts={[facts(firstTouch)]}
        />
        <Point
          name={m.point_lead_creation()}
          note={formatDay(person.createdAt.slice(0, 10))}
          isFrozen
          origin={originName(leadCreation)}
          facts={[facts(leadCreation)]}
        />
      </div>
      <p className="fact">{m.points_never_change()}</p>
    </section>
  );
}
