import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { isProblem } from '../../api/client.ts';
import {
  categoriesQuery,
  companyQuery,
  dealsQuery,
  ownersQuery,
  personName,
  submissionsQuery,
  touchesQuery,
} from '../../api/records.ts';
import type { Company, Deal, Person } from '../../api/records.ts';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatDay, formatMoment, formatPercent, formatShort, none } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ChoiceMenu } from '../../ui/records/choice-menu.tsx';
import { DealsPanel } from '../../ui/records/deals-panel.tsx';
import { originName } from '../../ui/records/origin.ts';
import { Point } from '../../ui/records/point.tsx';
import { SubmissionsPanel } from '../../ui/records/submissions-panel.tsx';
import { useChange } from '../../ui/records/use-change.tsx';
import { Answer, Empty } from '../../ui/states.tsx';
import { AccountPanel } from './account-panel.tsx';
import { peopleOfCompanyQuery } from './queries.ts';

/** What brought a company, who of it came when, and what came of it. */
export function CompanyPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const asked = useQuery(companyQuery(id));
  if (isProblem(asked.error, 'not_found')) {
    return (
      <Page title={m.company()}>
        <Empty
          title={m.company_gone()}
          actions={
            <Link className="btn sm primary" to="/companies">
              {m.nav_companies()}
            </Link>
          }
        >
          {m.company_gone_why()}
        </Empty>
      </Page>
    );
  }
  if (asked.data === undefined) {
    return (
      <Page title={m.company()}>
        <Answer asked={asked} height={420}>
          {() => null}
        </Answer>
      </Page>
    );
  }
  return <KnownCompany key={id} company={asked.data.record} />;
}

function KnownCompany({ company }: { company: Company }) {
  const of = { company: company.id };
  const people = useQuery(peopleOfCompanyQuery(company.id));
  const touches = useQuery(touchesQuery(of));
  const deals = useQuery(dealsQuery(of));
  const submissions = useQuery(submissionsQuery(of));
  const names = new Map(people.data?.map((person) => [person.id, personName(person) ?? m.person_unnamed()]));
  return (
    <Page
      title={company.name}
      crumb={
        <>
          <Link to="/companies">{m.nav_companies()}</Link> / {company.name}
        </>
      }
      about={<About company={company} />}
      actions={<CompanyActions company={company} />}
    >
      <div className="grid">
        <Source company={company} people={people.data ?? []} />
        <Figures
          deals={deals.data ?? []}
          firstTouchAt={company.companySource?.firstTouch.at ?? people.data?.[0]?.firstTouch.at}
        />
      </div>
      {people.data === undefined || touches.data === undefined ? (
        <Answer asked={people.data === undefined ? people : touches} height={200}>
          {() => null}
        </Answer>
      ) : (
        <AccountPanel
          company={company}
          people={people.data}
          touches={touches.data}
          submissions={submissions.data ?? []}
          deals={deals.data ?? []}
        />
      )}
      <Answer asked={people} height={160}>
        {(items) => <PeoplePanel people={items} />}
      </Answer>
      <div className="grid">
        <div className="w6">
          <Answer asked={deals} height={120}>
            {(items) => <DealsPanel deals={items} people={names} />}
          </Answer>
        </div>
        <div className="w6">
          <Answer asked={submissions} height={120}>
            {(items) => <SubmissionsPanel submissions={items} hasPeople />}
          </Answer>
        </div>
      </div>
    </Page>
  );
}

function About({ company: { domain, registrationNumber, country } }: { company: Company }) {
  const facts = [registrationNumber === null ? null : m.company_number({ number: registrationNumber }), country];
  return (
    <p className="small-text">
      {domain === null ? null : (
        <a className="under" href={`https://${domain}`} rel="noreferrer">
          {domain}
        </a>
      )}
      {facts.filter(Boolean).map((fact) => (
        <span key={fact}> · {fact}</span>
      ))}
    </p>
  );
}

type Changes = { categoryId?: string | null; ownerId?: string | null };

function CompanyActions({ company }: { company: Company }) {
  const categories = useQuery(categoriesQuery);
  const owners = useQuery(ownersQuery);
  const { change, isSaving, note } = useChange<Company, Changes>({
    query: companyQuery(company.id),
    send: async (changes, etag) =>
      kilde().PATCH('/api/v1/companies/{id}', {
        params: { path: { id: company.id } },
        body: changes as never,
        ...(etag === null ? {} : { headers: { 'If-Match': etag } }),
      }),
    read: (record, changes) =>
      ('categoryId' in changes ? record.category?.name : record.owner?.name) ?? m.record_none(),
  });
  return (
    <>
      <ChoiceMenu
        label={m.company_category()}
        none={m.value_none()}
        value={company.category}
        choices={categories.data?.filter(({ archivedAt }) => archivedAt === null) ?? []}
        isSaving={isSaving}
        onChoose={(category) =>
          change({
            changes: { categoryId: category?.id ?? null },
            back: { categoryId: company.category?.id ?? null },
            value: category?.name ?? m.value_none(),
            done: m.company_category_set({ category: category?.name ?? m.value_none(), name: company.name }),
          })
        }
      />
      <ChoiceMenu
        label={m.owner()}
        none={m.record_none()}
        value={company.owner}
        choices={owners.data ?? []}
        isSaving={isSaving}
        onChoose={(owner) =>
          change({
            changes: { ownerId: owner?.id ?? null },
            back: { ownerId: company.owner?.id ?? null },
            value: owner?.name ?? m.record_none(),
            done: m.person_owner_set({ owner: owner?.name ?? m.record_none(), name: company.name }),
          })
        }
      />
      {note === null ? null : <div className="under-head">{note}</div>}
    </>
  );
}

function Source({ company, people }: { company: Company; people: Person[] }) {
  const { companySource } = company;
  const first = people.find(({ createdAt }) => createdAt === company.createdAt) ?? null;
  return (
    <section className="panel w8" aria-label={m.point_company_source()}>
      <h2 className="vh">{m.point_company_source()}</h2>
      {companySource === null ? (
        <div className="points two">
          <Point name={m.point_company_source()} origin={m.point_none()} facts={[m.company_no_source()]} />
        </div>
      ) : (
        <div className="points two">
          {(['firstTouch', 'leadCreation'] as const).map((point) => (
            <Point
              key={point}
              name={point === 'firstTouch' ? m.point_first_touch() : m.point_lead_creation()}
              note={m.point_company_source().toLowerCase()}
              isFrozen
              origin={originName(companySource[point])}
              facts={[
                [companySource[point].campaign, companySource[point].channel, formatMoment(companySource[point].at)]
                  .filter(Boolean)
                  .join(' · '),
              ]}
            />
          ))}
        </div>
      )}
      <p className="fact">
        {companySource === null || first === null
          ? m.company_since({ day: formatDay(company.createdAt.slice(0, 10)) })
          : m.company_with({ person: personName(first) ?? '' })}
      </p>
    </section>
  );
}

/** Money won and open, and how long the first win took. Amounts of several currencies are not added. */
function Figures({ deals, firstTouchAt }: { deals: Deal[]; firstTouchAt: string | undefined }) {
  const won = deals.filter(({ status }) => status === 'won');
  const open = deals.filter(({ status }) => status === 'open');
  const currencies = [...new Set([...won, ...open].map(({ currency }) => currency))];
  const sum = (some: Deal[]): string =>
    some.length === 0
      ? '0'
      : currencies.length > 1
        ? none
        : formatShort(some.reduce((total, { amount }) => total + Number(amount ?? 0), 0));
  const firstWin = won
    .map(({ closedAt }) => closedAt)
    .filter((at) => at !== null)
    .toSorted()[0];
  const days =
    firstWin === undefined || firstTouchAt === undefined
      ? null
      : Math.floor((Date.parse(firstWin) - Date.parse(firstTouchAt)) / 86_400_000);
  const chance =
    open.length === 1 && open[0]!.probability !== null ? `, ${formatPercent(open[0]!.probability, 0)}` : '';
  const figures = [
    { name: m.company_won(), value: sum(won), note: m.company_deals({ count: won.length }) },
    { name: m.company_open(), value: sum(open), note: `${m.company_deals({ count: open.length })}${chance}` },
    { name: m.company_days(), value: formatCount(days), note: m.company_days_note() },
  ];
  return (
    <section className="panel w4" aria-label={m.deals_title()}>
      <div className="points stats">
        {figures.map(({ name, value, note }) => (
          <section key={name}>
            <p className="mini">{name}</p>
            <p className="o">{value}</p>
            <p className="mini">{note}</p>
          </section>
        ))}
      </div>
      <p className="fact">
        {currencies.length === 0
          ? m.deals_none()
          : currencies.length === 1
            ? `${currencies[0]}.`
            : m.company_currencies()}
      </p>
    </section>
  );
}

function PeoplePanel({ people }: { people: Person[] }) {
  return (
    <Panel title={m.nav_people()} actions={<span className="mini">{people.length}</span>}>
      {people.length === 0 ? (
        <p className="in mini">{m.company_no_people()}</p>
      ) : (
        <table className="t">
          <caption className="vh">{m.nav_people()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.name()}</th>
              <th scope="col" className="desk">
                {m.person_title()}
              </th>
              <th scope="col">{m.person_status()}</th>
              <th scope="col">{m.point_first_touch()}</th>
              <th scope="col" className="desk">
                {m.point_lead_creation()}
              </th>
              <th scope="col" className="desk">
                {m.utm_campaign()}
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <tr key={person.id}>
                <th scope="row">
                  <Link to="/people/$id" params={{ id: person.id }}>
                    {personName(person) ?? m.person_unnamed()}
                  </Link>
                </th>
                <td className="desk">{person.title ?? none}</td>
                <td>{person.leadStatus?.name ?? none}</td>
                <td>{originName(person.firstTouch)}</td>
                <td className="desk">{originName(person.leadCreation)}</td>
                <td className="desk">{person.leadCreation.campaign ?? none}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
