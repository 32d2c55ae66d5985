import { createApi } from '../../src/api.ts';
import { createDeps } from '../../src/deps.ts';
import type { Env } from '../../src/config.ts';
import { intakeStatement, readIntakeOutcome } from '../../src/db/queries/capture/store-intake.ts';
import type { Intake } from '../../src/db/queries/capture/store-intake.ts';
import { toVisitKey } from '../../src/domain/attribution/visit-batch.ts';
import type { InboundSubmission } from '../../src/domain/capture/lead.ts';
import type { Deps } from '../../src/http/deps.ts';
import { rollUpReports } from '../../src/jobs/roll-up-reports.ts';
import { countVisits } from '../../src/services/capture/count-visits.ts';
import { prepareSubmission, readSender } from '../../src/services/capture/prepare-lead.ts';
import { quarantineSubmission } from '../../src/services/capture/quarantine/quarantine-submission.ts';
import { readPhone } from '../../src/services/people/read-phone.ts';
import { firstSending, siteUrl } from './make-world.ts';
import type { Cost, Deal, Person, Sending, Visits, World } from './make-world.ts';
import { createRandom } from './random.ts';
import { owners } from './words.ts';

const adminKey = 'seed-'.padEnd(40, 'x');
const perRequest = 1_000;
const perTransaction = 100;
const openStages = 4;
const dayMs = 86_400_000;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What a world is stored through: the product's own handlers and services, in this process. */
type Store = {
  deps: Deps;
  call: <Answer = unknown>(method: string, path: string, body?: unknown) => Promise<Answer>;
  nextId: (at: number) => string;
};

/**
 * Stores a world in an empty database, by the same code that serves requests: forms by the statement of a form, everything else by the
 * API.
 * @param report is called with each step's name before it begins.
 */
export async function storeWorld({
  world,
  env,
  until,
  report = () => {},
}: {
  world: World;
  env: Pick<Env, 'LIBSQL_URL' | 'LIBSQL_AUTH_TOKEN' | 'ASSETS'>;
  until: number;
  report?: (step: string) => void;
}): Promise<void> {
  const store = openStore({ env, until });
  report('settings');
  const ownerIds = await storeSettings(store);
  report('people');
  await storePeople(store, { people: world.people, ownerIds });
  report('spam');
  await storeSpam(store, world.spam);
  report('deals');
  await storeDeals(store, { deals: world.deals, ownerIds });
  report('visits');
  await storeVisits(store, world.visits);
  report('costs');
  await storeCosts(store, world.costs);
  report('totals');
  await rollUpReports(store.deps, { transactions: Infinity });
  report('work');
  await storeWork(store);
  store.deps.db.$client.close();
}

function openStore({
  env,
  until,
}: {
  env: Pick<Env, 'LIBSQL_URL' | 'LIBSQL_AUTH_TOKEN' | 'ASSETS'>;
  until: number;
}): Store {
  let count = 0;
  /** In order of time, as version 7 of UUID has it, and the same each time. */
  const nextId = (at: number): string => {
    count += 1;
    const time = at.toString(16).padStart(12, '0');
    const rest = count.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`;
  };
  const clock = () => until;
  const made = createDeps({ ...env, KILDE_ADMIN_KEY: adminKey, JOURNEY_KEYS: 'c2VlZA'.repeat(8) }, { clock });
  const deps: Deps = { ...made, newId: () => nextId(until) };
  const { router } = createApi(deps);
  return {
    deps,
    nextId,
    async call<Answer>(method: string, path: string, body?: unknown) {
      const response = await router.request(`https://seed.example/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text.slice(0, 2_000)}`);
      return (text === '' ? null : JSON.parse(text)) as Answer;
    },
  };
}

/** Site, owners, forms, rules. @returns the owners' ids in their order. */
async function storeSettings({ call, deps }: Store): Promise<string[]> {
  const sites = await call<{ items: Array<{ id: string }> }>('GET', '/sites');
  const siteId = sites.items[0]!.id;
  await call('PATCH', `/sites/${siteId}`, { name: 'Byggdrift', domains: ['byggdrift.example'] });
  // Else the report's currency is one of the deals', and the others need rates to it.
  await call('PATCH', '/settings', { reportingCurrency: 'NOK' });
  const ownerIds: string[] = [];
  for (const name of owners) ownerIds.push((await call<{ id: string }>('POST', '/owners', { name })).id);
  const readers = await call<{ id: string }>('POST', '/selections', {
    name: 'Nyhetsbrev',
    entity: 'person',
    kind: 'static',
  });
  const consents = [
    { field: 'samtykke', purpose: 'E-markedsføring', text: 'Ja, send meg nyhetsbrevet.' },
    { field: 'consent', purpose: 'E-markedsføring', text: 'Yes, send me the newsletter.' },
  ];
  const forms = [
    { slug: 'kontakt', name: 'Kontakt oss', consents },
    { slug: 'bestill-demo', name: 'Bestill demo', consents },
    { slug: 'guide', name: 'Last ned guiden', consents },
    { slug: 'nyhetsbrev', name: 'Nyhetsbrev', consents, selectionId: readers.id },
    { slug: 'ring-meg', name: 'Ring meg opp' },
    { slug: 'webinar', name: 'Webinar om vedlikehold', consents, closesAt: dayOf(deps.clock() - 69 * dayMs) },
  ];
  for (const form of forms) await call('POST', '/forms', form);
  return ownerIds;
}

type Ordered = { at: number; intake: Intake };

async function storePeople(
  store: Store,
  { people, ownerIds }: { people: Person[]; ownerIds: string[] },
): Promise<void> {
  const random = createRandom(2);
  const sent: Ordered[] = [];
  const reported: object[] = [];
  for (const person of people) {
    if (person.createdVia === 'form') {
      const intake = await prepare(store, firstSending(person, random));
      const ownerId = person.ownerIndex === null ? null : Number(ownerIds[person.ownerIndex]);
      sent.push({ at: person.createdAt, intake: { ...intake, ownerId, leadStatusId: person.leadStatus } });
    } else reported.push(toLead(person, ownerIds));
    for (const sending of person.later) sent.push({ at: sending.at, intake: await prepare(store, sending) });
  }
  await storeIntakes(store, sent);
  for (const items of chunks(reported, perRequest)) await store.call('PUT', '/people', { items });
}

/** A form that was sent, as the edge hands it on. */
async function readSending({ deps, nextId }: Store, { form: formKey, at, fields, journey, page }: Sending) {
  const { settings, form } = await deps.settings.withForm(formKey);
  if (!form) throw new Error(`There is no form ${formKey}.`);
  const inbound: InboundSubmission = {
    id: nextId(at),
    formKey,
    at,
    fields,
    journey,
    hiddenOrigin: null,
    page,
    referrer: null,
    pageOrigin: siteUrl,
    idempotencyKey: null,
    contentHash: null,
  };
  return { settings, form, inbound, sender: readSender({ inbound, form }) };
}

async function prepare(store: Store, sending: Sending): Promise<Intake> {
  const { settings, form, inbound, sender } = await readSending(store, sending);
  return prepareSubmission({
    acknowledged: true,
    inbound,
    sender,
    phone: await readPhone(store.deps, { text: sender.lead.phone, site: form.site }),
    idempotencyKey: null,
    settings,
    mailDomains: await store.deps.settings.mailDomains(),
    now: sending.at,
    release: true,
  });
}

/** In the order in which they were sent, many to a transaction. */
async function storeIntakes({ deps }: Store, sent: Ordered[]): Promise<void> {
  for (const chunk of chunks(
    sent.toSorted((a, b) => a.at - b.at),
    perTransaction,
  )) {
    const results = await deps.db.$client.batch(
      chunk.map(({ intake }) => intakeStatement(intake)),
      'write',
    );
    for (const [index, { intake }] of chunk.entries()) {
      const { state } = readIntakeOutcome({ row: results[index]!.rows[0]!, intake });
      if (state !== 'stored') throw new Error(`A submission was not stored: ${state}.`);
    }
  }
}

function toLead(person: Person, ownerIds: string[]): object {
  const { email, firstName, lastName, phone, title, company, createdVia, createdAt, journey } = person;
  return {
    email,
    firstName,
    lastName,
    phone,
    title,
    company,
    createdVia,
    createdAt: new Date(createdAt).toISOString(),
    leadStatusId: String(person.leadStatus),
    ownerId: person.ownerIndex === null ? null : ownerIds[person.ownerIndex],
    journey: journey.map(({ utm, clickIds, referrerHost, landingPage, at }) => ({
      at: new Date(at).toISOString(),
      source: utm.source,
      medium: utm.medium,
      campaign: utm.campaign,
      term: utm.term,
      content: utm.content,
      ...(referrerHost === null ? {} : { referrer: `https://${referrerHost}/` }),
      clickIds,
      landingPage,
    })),
  };
}

async function storeSpam(store: Store, spam: Sending[]): Promise<void> {
  const through: Ordered[] = [];
  for (const sending of spam) {
    const { at, quarantinedFor } = sending;
    if (!quarantinedFor) {
      through.push({ at, intake: await prepare(store, sending) });
      continue;
    }
    const { inbound, sender } = await readSending(store, sending);
    await quarantineSubmission(store.deps, { inbound, sender, reasons: quarantinedFor });
  }
  await storeIntakes(store, through);
}

async function storeDeals(store: Store, { deals, ownerIds }: { deals: Deal[]; ownerIds: string[] }): Promise<void> {
  type Pipelines = { items: Array<{ stages: Array<{ id: string; status: string }> }> };
  const pipelines = await store.call<Pipelines>('GET', '/pipelines');
  const stages = pipelines.items[0]!.stages.filter(({ status }) => status === 'open');
  const toItem = (deal: Deal) => ({
    externalId: deal.externalId,
    name: deal.name,
    email: deal.email,
    amount: deal.amount,
    currency: deal.currency,
    createdAt: new Date(deal.createdAt).toISOString(),
    ownerId: ownerIds[deal.ownerIndex],
    ...(deal.closedAt === null
      ? {
          stageId: stages[Math.min(deal.stageIndex, openStages - 1, stages.length - 1)]!.id,
          expectedCloseDate: dayOf(deal.expectedCloseAt!),
          nextStep: { text: deal.nextStep, day: dayOf(deal.expectedCloseAt! - 2 * dayMs) },
        }
      : { status: deal.status, closedAt: new Date(deal.closedAt).toISOString(), lostReason: deal.lostReason }),
  });
  // Those whose lead is not known stay unlinked: the address is one that nobody has sent a form with.
  const unlinked = deals
    .filter((_, index) => index % 120 === 7)
    .map((deal) => ({
      ...toItem(deal),
      externalId: `${deal.externalId}-B`,
      email: `innkjop${deal.externalId.slice(-3)}@ukjent-kunde.example`,
    }));
  for (const items of chunks([...deals.map(toItem), ...unlinked], perRequest)) {
    await store.call('PUT', '/deals', { items });
  }
}

async function storeVisits({ deps, nextId }: Store, visits: Visits[]): Promise<void> {
  for (const chunk of chunks(visits, 400)) {
    const counted = chunk.map(({ arrival, count }) => [count, ...toVisitKey({ site: 'default', arrival })] as const);
    const id = nextId(chunk[0]!.arrival.at);
    await countVisits(deps, { batches: [{ id, visits: counted.map((visit) => [...visit]) as never }] });
  }
}

async function storeCosts(store: Store, costs: Cost[]): Promise<void> {
  const items = costs.map(({ at, activity, campaign, ...numbers }) => ({
    day: dayOf(at),
    source: activity.utm!.sources[0]![0],
    medium: activity.utm!.medium,
    campaign,
    amount: numbers.amount,
    currency: 'NOK',
    clicks: numbers.clicks,
    impressions: numbers.impressions,
    claimedConversions: numbers.claimedConversions,
    claimedValue: numbers.claimedValue,
  }));
  for (const chunk of chunks(items, perRequest)) await store.call('PUT', '/costs', { items: chunk });
}

/** What a team has made of it: corrections, links, selections, reports. */
async function storeWork({ call, deps }: Store): Promise<void> {
  const thisMonth = dayOf(deps.clock()).slice(0, 7);
  await call('PUT', '/exchange-rates', {
    items: [{ base: 'EUR', quote: 'NOK', day: dayOf(deps.clock() - 365 * dayMs), rate: 11.6 }],
  });
  await call('POST', '/aliases', {
    field: 'source',
    values: ['nyhetsbrev'],
    canonical: 'newsletter',
    label: 'newsletter',
  });
  const page = `${siteUrl}/webinar`;
  for (const [slug, source, medium] of [
    ['webinar-linkedin', 'linkedin', 'social'],
    ['webinar-brev', 'newsletter', 'email'],
  ] as const) {
    await call('POST', '/links', { page, slug, source, medium, campaign: 'webinar_vedlikehold' });
  }
  const people = { entity: 'person', kind: 'dynamic' } as const;
  await call('POST', '/selections', {
    ...people,
    name: 'Nye leads denne måneden',
    description: `Alle som er kommet til siden ${thisMonth}-01`,
    where: { field: 'createdAt', op: 'this', value: { unit: 'month', count: 1 } },
  });
  await call('POST', '/selections', {
    ...people,
    name: 'Kvalifiserte uten avtale',
    where: {
      all: [{ field: 'leadStatus', op: 'equals', value: 'Qualified' }, { not: { has: 'deal' } }],
    },
  });
  await call('POST', '/reports', {
    name: 'Kilde og medium',
    query: {
      measures: ['leads', 'deals', 'leadToDealRate', 'revenue'],
      dimensions: ['source', 'medium'],
      attribution: 'leadCreation',
      period: { relative: 'thisYear' },
      currency: 'NOK',
    },
  });
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
