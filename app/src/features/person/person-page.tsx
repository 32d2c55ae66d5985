import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '../../api/client.ts';
import { companyQuery, dealsQuery, personName, personQuery, submissionsQuery } from '../../api/records.ts';
import type { Company, Person } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatDay } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { DealsPanel } from '../../ui/records/deals-panel.tsx';
import { originName, pathOf } from '../../ui/records/origin.ts';
import { Point } from '../../ui/records/point.tsx';
import { SubmissionsPanel } from '../../ui/records/submissions-panel.tsx';
import { Answer, Empty } from '../../ui/states.tsx';
import { Journey } from './journey.tsx';
import { PersonActions } from './person-actions.tsx';
import { Privacy } from './privacy.tsx';
import { journeyQuery, selectionsOfPersonQuery } from './queries.ts';
import type { JourneyTouch } from './queries.ts';
import { sentAs } from './sent-as.ts';

/** Where did this person come from, and why do we think so? */
export function PersonPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const asked = useQuery(personQuery(id));
  if (isProblem(asked.error, 'not_found')) {
    return (
      <Page title={m.person()}>
        <Empty
          title={m.person_gone()}
          actions={
            <Link className="btn sm primary" to="/people">
              {m.nav_people()}
            </Link>
          }
        >
          {m.person_gone_why()}
        </Empty>
      </Page>
    );
  }
  if (asked.data === undefined) {
    return (
      <Page title={m.person()}>
        <Answer asked={asked} height={420}>
          {() => null}
        </Answer>
      </Page>
    );
  }
  return <KnownPerson key={id} person={asked.data.record} />;
}

function KnownPerson({ person }: { person: Person }) {
  const name = personName(person) ?? m.person_unnamed();
  const journey = useQuery(journeyQuery(person.id));
  const submissions = useQuery(submissionsQuery({ person: person.id }));
  const deals = useQuery(dealsQuery({ person: person.id }));
  const selections = useQuery(selectionsOfPersonQuery(person.id));
  const [focusedId, setFocused] = useState<string | null>(null);
  return (
    <Page
      title={name}
      crumb={
        <>
          <Link to="/people">{m.nav_people()}</Link> / {name}
        </>
      }
      about={<About person={person} />}
      actions={<PersonActions person={person} name={name} />}
    >
      <Points person={person} touches={journey.data ?? []} onOpen={setFocused} />
      <div className="grid">
        <div className="w7 stack wide">
          <Answer asked={journey} height={300}>
            {(touches) => (
              <Journey
                touches={touches}
                submissions={submissions.data ?? []}
                deals={deals.data ?? []}
                focusedId={focusedId}
              />
            )}
          </Answer>
          <Answer asked={submissions} height={120}>
            {(items) => <SubmissionsPanel submissions={items} />}
          </Answer>
        </div>
        <div className="w5 stack wide">
          <Privacy person={person} />
          <Answer asked={deals} height={120}>
            {(items) => <DealsPanel deals={items} />}
          </Answer>
          <section className="panel">
            <header>
              <h2>{m.person_selections()}</h2>
            </header>
            <div className="in row">
              {selections.data?.map((selection) => (
                <Link key={selection.id} className="tag" to="/people" search={{ selection: selection.id }}>
                  {selection.name}
                </Link>
              ))}
              {selections.data?.length === 0 ? <span className="mini">{m.person_selections_none()}</span> : null}
            </div>
          </section>
        </div>
      </div>
    </Page>
  );
}

function About({ person }: { person: Person }) {
  const { title, company, email, phone } = person;
  return (
    <p className="small-text">
      {title === null ? null : `${title}, `}
      {company === null ? null : (
        <Link className="under" to="/companies/$id" params={{ id: company.id }}>
          {company.name}
        </Link>
      )}
      {company !== null && email !== null ? ' · ' : null}
      {email === null ? null : (
        <a className="under" href={`mailto:${email}`}>
          {email}
        </a>
      )}
      {phone === null ? null : <> · {phone}</>}
    </p>
  );
}

type PointName = 'firstTouch' | 'leadCreation' | 'conversion';

function Points({
  person,
  touches,
  onOpen,
}: {
  person: Person;
  touches: JourneyTouch[];
  onOpen: (touchId: string) => void;
}) {
  const company = useQuery({ ...companyQuery(person.company?.id ?? ''), enabled: person.company !== null });
  const touchOf = (point: PointName): JourneyTouch | undefined =>
    touches.findLast(({ points }) => points.includes(point));
  const open = (point: PointName): (() => void) | undefined => {
    const touch = touchOf(point);
    return touch === undefined ? undefined : () => onOpen(touch.id);
  };
  const sent = (point: PointName): string[] => {
    const touch = touchOf(point);
    const value = touch === undefined ? null : sentAs(touch);
    return value === null ? [] : [m.sent_as({ value })];
  };
  const { firstTouch, leadCreation, latestConversion } = person;
  const days = Math.floor((Date.parse(person.createdAt) - Date.parse(firstTouch.at)) / 86_400_000);
  return (
    <section className="panel" aria-label={m.points_title()}>
      <h2 className="vh">{m.points_title()}</h2>
      <div className="points">
        <Point
          name={m.point_first_touch()}
          note={formatDay(firstTouch.at.slice(0, 10))}
          isFrozen
          origin={originName(firstTouch)}
          onOpen={open('firstTouch')}
          facts={[factsOf(firstTouch), ...sent('firstTouch')]}
          more={[landed(firstTouch), m.point_before_lead({ days, count: formatCount(days) })]}
        />
        <Point
          name={m.point_lead_creation()}
          note={formatDay(person.createdAt.slice(0, 10))}
          isFrozen
          origin={originName(leadCreation)}
          onOpen={open('leadCreation')}
          facts={[factsOf(leadCreation), ...sent('leadCreation')]}
          more={[
            landed(leadCreation),
            person.createdByForm === null ? person.createdVia : m.point_form({ form: person.createdByForm.name }),
          ]}
        />
        {latestConversion === null ? (
          <Point name={m.point_latest_conversion()} origin={m.point_none()} facts={[m.point_no_conversion()]} />
        ) : (
          <Point
            name={m.point_latest_conversion()}
            note={formatDay(latestConversion.at.slice(0, 10))}
            origin={originName(latestConversion)}
            onOpen={open('conversion')}
            facts={[factsOf(latestConversion), ...sent('conversion')]}
            more={[landed(latestConversion)]}
          />
        )}
        <CompanySource person={person} company={company.data?.record ?? null} />
      </div>
      <p className="fact">{m.points_never_change()}</p>
    </section>
  );
}

function CompanySource({ person, company }: { person: Person; company: Company | null }) {
  const name = m.point_company_source();
  if (person.company === null) return <Point name={name} origin={m.point_none()} facts={[m.point_no_company()]} />;
  if (company === null) return <Point name={name} origin="…" />;
  const { companySource } = company;
  if (companySource === null) {
    return <Point name={name} origin={m.point_none()} facts={[m.point_company_before({ company: company.name })]} />;
  }
  return (
    <Point
      name={name}
      note={m.point_on_company()}
      isFrozen
      origin={originName(companySource.firstTouch)}
      facts={[m.point_company_lead({ origin: originName(companySource.leadCreation) })]}
    />
  );
}

function factsOf({ campaign, channel }: { campaign: string | null; channel: string }): string {
  return [campaign, channel].filter(Boolean).join(' · ');
}

function landed({ landingPage }: { landingPage: string | null }): string | null {
  const page = pathOf(landingPage);
  return page === null ? null : m.point_landed({ page });
}
