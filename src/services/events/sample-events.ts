import { desc, eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import type { MergeView } from '../../db/queries/people/merge-people.ts';
import type { CompanyView } from '../../db/queries/people/read-companies.ts';
import type { DealView } from '../../db/queries/deals/read-deals.ts';
import type { PersonView } from '../../db/queries/people/read-people.ts';
import type { SubmissionWithJourney } from '../../db/queries/capture/read-submissions.ts';
import type { RawTouchView, TouchView } from '../../db/queries/attribution/read-touches.ts';
import { event } from '../../db/schema/events.ts';
import type { EventType } from '../../db/schema/events.ts';
import { undoTerms } from '../../domain/undo-terms.ts';
import { toIso } from '../../domain/iso-time.ts';
import { readEventData } from './read-event-data.ts';

/** An event as a webhook is sent it, with its id. */
export type SampleEvent = { id: string; type: EventType; timestamp: string; data: unknown };

const maxSamples = 3;

/** The newest events of a type, for automation tools that learn its shape; one that is made up where none has happened. */
export async function sampleEvents({ db }: { db: Database }, { type }: { type: EventType }): Promise<SampleEvent[]> {
  const happened = await db.select().from(event).where(eq(event.type, type)).orderBy(desc(event.id)).limit(maxSamples);
  const samples: SampleEvent[] = [];
  for (const { id, at, detail, ...rest } of happened) {
    const data = await readEventData({ db }, { ...rest, detail: detail === null ? null : JSON.stringify(detail) });
    samples.push({ id: `evt_${id}`, type, timestamp: toIso(at), data });
  }
  if (samples.length > 0) return samples;
  return [{ id: 'evt_0', type, timestamp: moment, data: madeUp[type] }];
}

const moment = '2026-09-01T10:00:00.000Z';

const touch: TouchView = {
  channel: 'Paid Social',
  source: 'linkedin',
  medium: 'paid-social',
  campaign: 'webinar_sept',
  term: null,
  content: null,
  utmId: null,
  placement: null,
  clickId: { name: 'li_fat_id', value: 'sample' },
  clickIds: [{ name: 'li_fat_id', value: 'sample' }],
  referrerDomain: 'linkedin.com',
  landingPage: 'https://www.example.com/signup',
  at: moment,
};
const rawTouch: RawTouchView = {
  ...touch,
  raw: {
    source: 'LinkedIn',
    medium: 'paid-social',
    campaign: 'webinar_sept',
    term: null,
    content: null,
    utmId: null,
    placement: null,
  },
};
const company = { id: '1', name: 'Example AS', domain: 'example.com' };
const person: PersonView = {
  id: '1',
  email: 'kari@example.com',
  firstName: 'Kari',
  lastName: 'Nordmann',
  phone: '+4722334455',
  title: null,
  country: 'NO',
  company,
  owner: null,
  leadStatus: { id: '1', name: 'Open' },
  createdVia: 'form',
  createdByForm: { id: 'contact', name: 'Contact' },
  createdAt: moment,
  firstTouch: touch,
  leadCreation: touch,
  latestConversion: null,
  clickIds: [{ name: 'li_fat_id', value: 'sample', at: moment, decided: true }],
  submissionCount: 1,
  consents: [],
  consentRequests: [],
};
const companyView: CompanyView = {
  ...company,
  registrationNumber: null,
  country: 'NO',
  owner: null,
  category: null,
  createdVia: 'form',
  createdAt: moment,
  personCount: 1,
  companySource: { firstTouch: touch, leadCreation: touch },
};
const submission: SubmissionWithJourney = {
  id: '01990000-0000-7000-8000-000000000000',
  form: { id: 'contact', name: 'Contact' },
  createdVia: 'form',
  person: { id: '1', name: 'Kari Nordmann', email: 'kari@example.com' },
  company,
  at: moment,
  createdPerson: true,
  createdCompany: true,
  kind: 'leadCreation',
  touch: rawTouch,
  conversion: null,
  fields: { email: 'kari@example.com', message: 'Hello' },
  page: 'https://www.example.com/signup',
  selfReported: null,
  idempotencyConflict: false,
  files: [],
  journey: [rawTouch],
};
const deal: DealView = {
  id: '1',
  externalId: 'crm-1',
  name: 'Example',
  status: 'open',
  amount: 10_000,
  currency: 'NOK',
  pipeline: { id: '1', name: 'Sales' },
  stage: { id: '1', name: 'Open' },
  probability: 0.5,
  createdAt: moment,
  closedAt: null,
  expectedCloseDate: null,
  nextStep: null,
  lostReason: null,
  person: { id: '1', name: 'Kari Nordmann', email: 'kari@example.com' },
  company,
  owner: null,
  waitsFor: null,
};
const closed = { closedAt: moment, probability: 1 };
const merge: MergeView = {
  id: '1',
  person: { id: '1' },
  removedPerson: { id: '2', email: 'kari@example.org' },
  at: moment,
  undoneAt: null,
  ...undoTerms('personMerge', 0),
};
const membership = { selection: { id: '1', name: 'Readers' }, person };

const madeUp: Record<EventType, unknown> = {
  'person.created': person,
  'person.updated': person,
  'person.statusChanged': { ...person, leadStatus: { id: '5', name: 'Qualified' } },
  'person.merged': { merge, person },
  'person.erased': { id: '1', deleted: true },
  'company.created': companyView,
  'submission.received': submission,
  'deal.registered': deal,
  'deal.won': { ...deal, ...closed, status: 'won' },
  'deal.lost': { ...deal, ...closed, status: 'lost', probability: 0, lostReason: 'Price' },
  'deal.reopened': deal,
  'deal.stageChanged': { ...deal, from: { id: '1', name: 'Open' }, to: { id: '2', name: 'Proposal' } },
  'selection.entered': membership,
  'selection.left': membership,
};
