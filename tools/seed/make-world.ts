import type { Arrival } from '../../src/domain/attribution/types.ts';
import { utmFields } from '../../src/domain/attribution/origin-lists.ts';
import { recordOf } from '../../src/domain/record-of.ts';
import { activities, partnerActivities, webinarActivities } from './activities.ts';
import type { Activity } from './activities.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { companyWords, firstNames, lastNames, messages, selfReported, titles } from './words.ts';
import type { Language } from './words.ts';

/**
 * A company that sells software for the upkeep of buildings, and a year of its leads. Everything is decided here, from one number:
 * the same people, until and seed make the same world. Nothing is stored.
 */

const dayMs = 86_400_000;
const hourMs = 3_600_000;
export const daysOfWorld = 365;
export const siteUrl = 'https://www.byggdrift.example';

export const formKeys = ['kontakt', 'bestill-demo', 'guide', 'nyhetsbrev', 'ring-meg', 'webinar'] as const;
export type FormKey = (typeof formKeys)[number];

/** A form sent, with everything that had brought the visitor until then. */
export type Sending = {
  form: FormKey;
  at: number;
  fields: Record<string, string>;
  journey: Arrival[];
  page: string;
  /** Set in the mail of bots. */
  quarantinedFor?: string[];
};

export type Person = {
  language: Language;
  email: string | null;
  firstName: string;
  lastName: string;
  phone: string | null;
  title: string | null;
  company: { name: string; domain: string } | null;
  createdVia: 'form' | 'chat' | 'phone' | 'event' | 'import';
  createdAt: number;
  journey: Arrival[];
  form: FormKey;
  /** By its place among the statuses that a new database has, from 1. */
  leadStatus: number;
  ownerIndex: number | null;
  /** Forms sent later. */
  later: Sending[];
};

export type Deal = {
  externalId: string;
  name: string;
  email: string;
  status: 'open' | 'won' | 'lost';
  /** Of an open one: its place among the open stages, from 0. */
  stageIndex: number;
  amount: number;
  currency: 'NOK' | 'EUR';
  createdAt: number;
  closedAt: number | null;
  expectedCloseAt: number | null;
  lostReason: string | null;
  nextStep: string | null;
  ownerIndex: number;
};

/** Visits of one day by one arrival's values. */
export type Visits = { arrival: Arrival; count: number };

export type Cost = {
  at: number;
  activity: Activity;
  campaign: string;
  amount: number;
  clicks: number;
  impressions: number;
  claimedConversions: number;
  claimedValue: number;
};

export type World = { people: Person[]; spam: Sending[]; deals: Deal[]; visits: Visits[]; costs: Cost[] };

type Bounds = { from: number; until: number };
type Company = { name: string; domain: string; language: Language };

/** @param until the first moment that is no part of the world, in milliseconds. */
export function makeWorld({ people: count, until, seed = 1 }: { people: number; until: number; seed?: number }): World {
  const random = createRandom(seed);
  const bounds = { from: until - daysOfWorld * dayMs, until };
  const companies = makeCompanies(random, Math.max(3, Math.round(count / 3.4)));
  const emails = new Set<string>();
  const people: Person[] = [];
  const deals: Deal[] = [];
  const visits = new VisitCounter();
  const leadsByDay = new Map<string, number>();

  const add = (given: { activity: Activity; opener?: Activity; at: number; form: FormKey; hasDeal?: boolean }) => {
    const company = random.pickWeighted(
      companies.slice(0, 1 + Math.floor(random.next() ** 2 * companies.length)),
      () => 1,
    );
    const person = makePerson({ random, bounds, company, emails, ...given });
    people.push(person);
    for (const arrival of person.journey) visits.add(arrival, 1);
    const key = `${Math.floor(given.at / dayMs)} ${given.activity.name}`;
    leadsByDay.set(key, (leadsByDay.get(key) ?? 0) + 1);
    const quality = ((given.opener ?? given.activity).quality + given.activity.quality) / 2;
    const hasDeal = given.hasDeal ?? (person.email !== null && random.chance(0.14 * quality));
    const deal = hasDeal ? makeDeal({ random, bounds, person, number: deals.length + 1 }) : null;
    if (deal) deals.push(deal);
    person.leadStatus = statusOf({ random, bounds, person, hasDeal: deal !== null });
  };

  const webinarAt = until - 70 * dayMs;
  const webinarLeads = Math.max(20, Math.round(count * 0.016));
  for (const { activity, share } of webinarActivities) {
    for (let n = 0; n < Math.round(webinarLeads * share); n += 1) {
      add({ activity, at: webinarAt - Math.min(20 * dayMs, random.exponential(6 * dayMs)), form: 'webinar' });
    }
  }
  for (const { activity, leads, deals: dealCount } of partnerActivities) {
    for (let n = 0; n < leads; n += 1) {
      const at = until - random.whole(75, 240) * dayMs + random.whole(8, 16) * hourMs;
      add({ activity, at, form: 'bestill-demo', hasDeal: n < dealCount });
    }
  }
  while (people.length < count) {
    const closer = random.pickWeighted(activities, ({ closes }) => closes);
    const opener = random.chance(0.58) ? random.pickWeighted(activities, ({ opens }) => opens) : closer;
    const at = momentOf(random, bounds);
    add({ activity: closer, opener, at, form: formOf(random, { at, until }) });
  }

  const costs: Cost[] = [];
  for (let at = bounds.from; at < until; at += dayMs) {
    for (const activity of activities) {
      const leads = leadsByDay.get(`${Math.floor(at / dayMs)} ${activity.name}`) ?? 0;
      const paid = countVisits({ random, visits, activity, at, leads, until });
      costs.push(...paid);
    }
  }
  return { people, spam: makeSpam(random, bounds, Math.round(count / 60)), deals, visits: visits.all(), costs };
}

function makeCompanies(random: Random, count: number): Company[] {
  const names = new Set<string>();
  const companies: Company[] = [];
  while (companies.length < count) {
    const base = `${random.pick(companyWords.first)} ${random.pick(companyWords.second)}`;
    // There are more companies than pairs of words: the later ones have a place in their name.
    const name = names.has(base) ? `${base} ${random.pick(lastNames.no)}` : base;
    const domainName = names.has(name) ? `${name} ${companies.length}` : name;
    names.add(domainName);
    const legal = random.pick(companyWords.legal);
    const language = legal === 'Ltd' || random.chance(0.12) ? 'en' : 'no';
    companies.push({ name: `${domainName} ${legal}`, domain: `${plain(domainName)}.example`, language });
  }
  return companies;
}

/** Letters, figures and nothing else, as in an address. */
function plain(text: string): string {
  const letters: Record<string, string> = { æ: 'ae', ø: 'o', å: 'a', ö: 'o', ä: 'a' };
  return text
    .toLowerCase()
    .replace(/[æøåöä]/g, (letter) => letters[letter]!)
    .replace(/[^a-z0-9]/g, '');
}

/** A moment of the year at which people send forms: more each month, on working days, by day. */
function momentOf(random: Random, { from }: Bounds): number {
  for (;;) {
    const day = Math.floor(random.next() * daysOfWorld);
    const date = new Date(from + day * dayMs);
    const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
    const ofMonth = [0.9, 1, 1.05, 0.9, 1, 0.9, 0.5, 0.9, 1.15, 1.1, 1.1, 0.7][date.getUTCMonth()]!;
    const weight = (0.6 + (0.4 * day) / daysOfWorld) * (isWeekend ? 0.22 : 1) * ofMonth;
    if (random.next() < weight / 1.15) return from + day * dayMs + (6 + random.next() * 14) * hourMs;
  }
}

/** The form that somebody sends. One was broken twelve days ago, and nobody has seen it yet. */
function formOf(random: Random, { at, until }: { at: number; until: number }): FormKey {
  const shares: Array<[FormKey, number]> = [
    ['kontakt', 26],
    ['bestill-demo', 30],
    ['guide', 28],
    ['nyhetsbrev', 12],
    ['ring-meg', at < until - 12 * dayMs ? 4 : 0],
  ];
  return random.pickWeighted(shares, ([, share]) => share)[0];
}

function makePerson({
  random,
  bounds,
  company,
  emails,
  activity,
  opener = activity,
  at,
  form,
}: {
  random: Random;
  bounds: Bounds;
  company: Company;
  emails: Set<string>;
  activity: Activity;
  opener?: Activity;
  at: number;
  form: FormKey;
}): Person {
  const { language } = company;
  const [firstName, lastName] = [random.pick(firstNames[language]), random.pick(lastNames[language])];
  const via = random.pickWeighted(
    [
      ['form', 84],
      ['chat', 6],
      ['phone', 4],
      ['event', 4],
      ['import', 2],
    ] as const,
    ([, share]) => share,
  )[0];
  // Those of webinars and partners are counted on: they come by forms.
  const createdVia = form === 'webinar' || form === 'bestill-demo' ? 'form' : via;
  const isByPhone = form === 'ring-meg' && createdVia === 'form';
  const createdAt = Math.max(bounds.from, Math.min(Math.round(at), bounds.until - hourMs));
  const journey =
    createdVia === 'import' ? [] : makeJourney({ random, bounds, opener, activity, at: createdAt, language });
  const person: Person = {
    language,
    email: isByPhone ? null : emailOf({ firstName, lastName, company, emails }),
    firstName,
    lastName,
    phone: isByPhone ? ownPhone(emails.size) : random.chance(0.4) ? phoneOf(random) : null,
    title: random.chance(0.35) ? random.pick(titles[language]) : null,
    company: isByPhone ? null : { name: company.name, domain: company.domain },
    createdVia,
    createdAt,
    journey,
    form,
    leadStatus: 1,
    ownerIndex: random.chance(0.7) ? random.whole(0, 5) : null,
    later: [],
  };
  if (createdVia === 'form' && person.email !== null && random.chance(0.2)) {
    person.later = makeLater({ random, bounds, person });
  }
  return person;
}

function emailOf({
  firstName,
  lastName,
  company,
  emails,
}: {
  firstName: string;
  lastName: string;
  company: Company;
  emails: Set<string>;
}): string {
  const base = `${plain(firstName)}.${plain(lastName)}`;
  for (let number = 1; ; number += 1) {
    const email = `${base}${number === 1 ? '' : number}@${company.domain}`;
    if (emails.has(email)) continue;
    emails.add(email);
    return email;
  }
}

/** Numbers that Ofcom keeps for drama: they belong to nobody. */
const dramaNumbers = [
  '113496',
  '114496',
  '115496',
  '116496',
  '117496',
  '118496',
  '121496',
  '131496',
  '141496',
  '161496',
];
const phoneOf = (random: Random): string =>
  `+44${random.pick(dramaNumbers)}0${String(random.whole(0, 999)).padStart(3, '0')}`;
/** A number that nobody else of this world has: it tells who somebody without an address is. */
const ownPhone = (index: number): string => `+442079460${String(index % 1_000).padStart(3, '0')}`;

function makeLater({ random, bounds, person }: { random: Random; bounds: Bounds; person: Person }): Sending[] {
  const sendings: Sending[] = [];
  let journey = person.journey;
  for (let at = person.createdAt; sendings.length < 3;) {
    at += Math.round(random.exponential(45 * dayMs)) + hourMs;
    if (at >= bounds.until) break;
    const activity = random.chance(0.4) ? activities[5]! : random.pickWeighted(activities, ({ closes }) => closes);
    const arrival = makeArrival({
      random,
      activity,
      at: at - random.whole(2, 30) * 60_000,
      language: person.language,
      until: bounds.until,
    });
    journey = journey.concat(arrival);
    const form = random.pick(['guide', 'bestill-demo', 'kontakt'] as const);
    sendings.push({ form, at, journey, page: pageOf(arrival, form), fields: fieldsOf({ random, person, form }) });
    if (random.chance(0.6)) break;
  }
  return sendings;
}

function makeJourney({
  random,
  bounds,
  opener,
  activity,
  at,
  language,
}: {
  random: Random;
  bounds: Bounds;
  opener: Activity;
  activity: Activity;
  at: number;
  language: Language;
}): Arrival[] {
  const moments = [at - random.whole(2, 40) * 60_000];
  const between = opener === activity ? 0 : random.pickWeighted([0, 1, 2, 4], (n) => 4 - n * 0.8);
  for (let n = 0; n < between + (opener === activity ? 0 : 1); n += 1) {
    const earlier = moments[0]! - Math.round(random.exponential(8 * dayMs)) - hourMs;
    if (earlier < Math.max(bounds.from, at - 88 * dayMs)) break;
    moments.unshift(earlier);
  }
  return moments.map((moment, index) => {
    const isLast = index === moments.length - 1;
    const ofMoment = isLast
      ? activity
      : index === 0
        ? opener
        : random.pickWeighted(activities, ({ opens, closes }) => opens + closes);
    return makeArrival({ random, activity: ofMoment, at: moment, language, until: bounds.until });
  });
}

function makeArrival({
  random,
  activity,
  at,
  language,
  until,
}: {
  random: Random;
  activity: Activity;
  at: number;
  language: Language;
  until: number;
}): Arrival {
  const { utm, clickId, referrerHost } = activity;
  const given: Record<string, string> = {};
  if (utm) {
    const isWritten = (days = Infinity): boolean => at >= until - days * dayMs;
    given['source'] = random.pickWeighted(utm.sources, ([, weight, days]) => (isWritten(days) ? weight : 0))[0];
    given['medium'] = utm.medium;
    given['campaign'] = random.pick(utm.campaigns);
    if (utm.terms && random.chance(0.8)) given['term'] = random.pick(utm.terms);
    if (utm.contents && random.chance(0.7)) given['content'] = random.pick(utm.contents);
  }
  const ofLanguage = activity.pages.filter((page) => page.startsWith('/en/') === (language === 'en'));
  return {
    utm: recordOf(utmFields, (field) => given[field] ?? null),
    clickIds: clickId && random.chance(0.9) ? [{ name: clickId, value: clickValue(random) }] : [],
    referrerHost: referrerHost ?? null,
    landingPage: `${siteUrl}${random.pick(ofLanguage.length > 0 ? ofLanguage : activity.pages)}`,
    at,
  };
}

const clickValue = (random: Random): string =>
  Array.from({ length: 4 }, () => Math.floor(random.next() * 2 ** 32).toString(36)).join('_');

/** The page that holds a form: the one landed on, without what had brought the visitor. */
const pageOf = (arrival: Arrival, form: FormKey): string => `${arrival.landingPage ?? siteUrl}#${form}`;

/** The answers of a form, in the words of its language. */
function fieldsOf({ random, person, form }: { random: Random; person: Person; form: FormKey }): Record<string, string> {
  const { language, email, firstName, lastName, phone, title, company } = person;
  const isNorwegian = language === 'no';
  const fields: Record<string, string> = {};
  const set = (no: string, en: string, value: string | null): void => {
    if (value !== null) fields[isNorwegian ? no : en] = value;
  };
  set('e-post', 'email', email);
  set('fornavn', 'first_name', firstName);
  set('etternavn', 'last_name', lastName);
  set('telefon', 'phone', phone);
  set('stilling', 'job_title', title);
  if (form !== 'nyhetsbrev') set('firma', 'company', company?.name ?? null);
  if (form === 'kontakt' || form === 'bestill-demo') set('melding', 'message', random.pick(messages[language]));
  if (random.chance(0.45))
    set('hvordan_hørte_du_om_oss', 'how_did_you_hear_about_us', random.pick(selfReported[language]));
  if (form === 'nyhetsbrev' || random.chance(0.3)) set('samtykke', 'consent', 'ja');
  return fields;
}

/** The form by which a person came, where it was one. */
export function firstSending(person: Person, random: Random): Sending {
  const { form, createdAt: at, journey } = person;
  return { form, at, journey, page: pageOf(journey.at(-1)!, form), fields: fieldsOf({ random, person, form }) };
}

const lostReasons = ['Pris', 'Valgte en konkurrent', 'Ikke noe budsjett i år', 'Hørte ikke mer'];
const nextSteps = ['Ring om tilbudet', 'Send avtalen', 'Møte med innkjøp', 'Følg opp demoen'];

function makeDeal({
  random,
  bounds,
  person,
  number,
}: {
  random: Random;
  bounds: Bounds;
  person: Person;
  number: number;
}): Deal | null {
  const { email, company, ownerIndex } = person;
  const createdAt = person.createdAt + Math.round(random.exponential(14 * dayMs)) + hourMs;
  if (email === null || createdAt >= bounds.until) return null;
  const closesAt = createdAt + Math.round(random.exponential(48 * dayMs)) + dayMs;
  const isClosed = closesAt < bounds.until;
  const isWon = isClosed && random.chance(0.45);
  const isEuro = person.language === 'en' && random.chance(0.8);
  const kroner = Math.max(5_000, random.logNormal(95_000, 0.8));
  const age = (bounds.until - createdAt) / (60 * dayMs);
  return {
    externalId: `CRM-${String(number).padStart(5, '0')}`,
    name: `${company?.name ?? person.lastName}: vedlikeholdsplan`,
    email,
    status: isWon ? 'won' : isClosed ? 'lost' : 'open',
    stageIndex: Math.min(3, Math.floor(age * 2 + random.next())),
    amount: Math.round((isEuro ? kroner / 11.6 : kroner) / 100) * 100,
    currency: isEuro ? 'EUR' : 'NOK',
    createdAt,
    closedAt: isClosed ? closesAt : null,
    expectedCloseAt: isClosed ? null : bounds.until + random.whole(3, 80) * dayMs,
    lostReason: isClosed && !isWon ? random.pick(lostReasons) : null,
    nextStep: isClosed ? null : random.pick(nextSteps),
    ownerIndex: ownerIndex ?? random.whole(0, 5),
  };
}

/** Open, Contacting, Disqualified, Re-nurture, Qualified: the older a lead, the fewer are open. */
function statusOf({
  random,
  bounds,
  person,
  hasDeal,
}: {
  random: Random;
  bounds: Bounds;
  person: Person;
  hasDeal: boolean;
}): number {
  if (hasDeal) return 5;
  const ageDays = (bounds.until - person.createdAt) / dayMs;
  const weights = ageDays < 10 ? [72, 22, 3, 1, 2] : ageDays < 60 ? [30, 32, 20, 10, 8] : [9, 16, 40, 25, 10];
  return 1 + random.pickWeighted([0, 1, 2, 3, 4], (index) => weights[index]!);
}

/** Adds the visits of a day that became no lead, and what they cost. */
function countVisits({
  random,
  visits,
  activity,
  at,
  leads,
  until,
}: {
  random: Random;
  visits: VisitCounter;
  activity: Activity;
  at: number;
  leads: number;
  until: number;
}): Cost[] {
  const noon = at + 12 * hourMs;
  const total = Math.round((leads + 0.3) * activity.visitsPerLead * (0.8 + 0.4 * random.next()));
  const groups = Math.min(total, 3);
  let clicks = 0;
  let campaign = '';
  for (let n = 0; n < groups; n += 1) {
    const arrival = makeArrival({ random, activity, at: noon, language: random.chance(0.85) ? 'no' : 'en', until });
    visits.add(arrival, Math.ceil(total / groups));
    clicks += Math.ceil(total / groups);
    campaign ||= arrival.utm.campaign ?? '';
  }
  const { costPerVisit, claimFactor = 1 } = activity;
  // What LinkedIn took has not been entered yet for the last days.
  const isMissing = activity.clickId === 'li_fat_id' && at >= until - 4 * dayMs;
  if (costPerVisit === undefined || clicks === 0 || isMissing) return [];
  const amount = Math.round(clicks * costPerVisit * (0.85 + 0.3 * random.next()));
  const claimedConversions = Math.round(leads * claimFactor);
  const claimedValue = claimedConversions * 900;
  return [
    {
      at,
      activity,
      campaign,
      amount,
      clicks,
      impressions: clicks * random.whole(25, 60),
      claimedConversions,
      claimedValue,
    },
  ];
}

/** Visits of a day, grouped by everything but the values of click ids. */
class VisitCounter {
  #counts = new Map<string, Visits>();

  add(arrival: Arrival, count: number): void {
    const { utm, referrerHost, landingPage, clickIds, at } = arrival;
    const day = Math.floor(at / dayMs);
    const names = clickIds.map(({ name }) => name);
    const key = JSON.stringify([day, utm, referrerHost, landingPage, names]);
    const known = this.#counts.get(key);
    if (known) known.count += count;
    else this.#counts.set(key, { arrival: { ...arrival, at: day * dayMs + 12 * hourMs }, count });
  }

  all(): Visits[] {
    return [...this.#counts.values()].toSorted((a, b) => a.arrival.at - b.arrival.at);
  }
}

const spamText = 'Dear Sir, we offer first page rankings for your website. Reply for a price list.';

/** Mail of bots: most is found at once, and one sort got through on three days. */
function makeSpam(random: Random, bounds: Bounds, count: number): Sending[] {
  const waveAt = bounds.until - 25 * dayMs;
  return Array.from({ length: count }, (_, index) => {
    const isWave = index % 4 === 0;
    const at = Math.round(
      isWave ? waveAt + random.next() * 3 * dayMs : bounds.from + random.next() * daysOfWorld * dayMs,
    );
    const fields = {
      name: `${random.pick(firstNames.en)} ${random.pick(lastNames.en)}`,
      email: `${random.pick(firstNames.en).toLowerCase()}${index}@seo-agency-${random.whole(1, isWave ? 3 : 90)}.example`,
      message: isWave ? spamText : `${spamText} ${index}`,
    };
    const reasons = random.pick([['honeypot'], ['tooFast'], ['honeypot', 'tooFast'], ['bot']]);
    const sending: Sending = { form: 'kontakt', at, fields, journey: [], page: `${siteUrl}/kontakt` };
    return isWave ? sending : { ...sending, quarantinedFor: reasons };
  });
}
