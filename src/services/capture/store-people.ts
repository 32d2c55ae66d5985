import { endMoment, firstMoment, isInFuture } from '../../domain/when.ts';
import type { When } from '../../domain/when.ts';
import { readLeadReferences, readStatusHolders, statusOf } from '../../db/queries/capture/read-lead-references.ts';
import type { LeadReferences } from '../../db/queries/capture/read-lead-references.ts';
import { intakeStatement, readIntakeOutcome } from '../../db/queries/capture/store-intake.ts';
import type { Intake } from '../../db/queries/capture/store-intake.ts';
import type { CreatedVia } from '../../domain/capture/created-via.ts';
import { clickIdPlatform } from '../../domain/attribution/click-ids.ts';
import type { Named } from '../../domain/attribution/origin-field-names.ts';
import { originFields } from '../../domain/attribution/origin-fields.ts';
import type { SentField } from '../../domain/attribution/origin-fields.ts';
import { utmFields } from '../../domain/attribution/origin-lists.ts';
import { recordOf } from '../../domain/record-of.ts';
import { referrerOf } from '../../domain/attribution/referrer-of.ts';
import { readEvidence } from '../../domain/attribution/read-evidence.ts';
import { addClickId, hasUtm } from '../../domain/attribution/read-parameters.ts';
import type { Arrival, ClickId, Journey } from '../../domain/attribution/types.ts';
import { foldLatin } from '../../domain/segments/fold-latin.ts';
import { cleanValue } from '../../domain/text-values.ts';
import type { MailDomains } from '../../domain/hosts/mail-domains.ts';
import { normalizeEmail } from '../../domain/people/normalize-email.ts';
import { conflict, invalidInput, KildeError, noSuch } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { findSite, isSiteHost } from '../capture-settings.ts';
import type { Settings, Site } from '../capture-settings.ts';
import { readSettings } from '../change-settings.ts';
import { prepareLead, requireEmail } from './prepare-lead.ts';
import { loadReadPhone } from '../people/read-phone.ts';
import { refusedChoice } from '../refused-choice.ts';
import type { ReadPhone } from '../people/read-phone.ts';
import type { IntakeContext } from './submit-form.ts';

type Text = string | null | undefined;

/** An arrival as another system tells of it: the page's address and referrer, or the values themselves. */
type GivenTouch = Partial<Named<SentField, Text>> & {
  at: When;
  url?: Text;
  referrer?: Text;
  /** The one that decided. */
  clickId?: ClickId | null | undefined;
  /** All of the arrival. */
  clickIds?: ClickId[] | undefined;
  landingPage?: Text;
};

/** A lead from elsewhere: another system, chat, phone, an event. */
export type GivenLead = {
  /** Without one, the telephone number tells who it is. */
  email?: Text;
  firstName?: Text;
  lastName?: Text;
  phone?: Text;
  title?: Text;
  country?: Text;
  company?: { name?: Text; domain?: Text; registrationNumber?: Text } | null | undefined;
  ownerId?: number | null | undefined;
  /** Name of the status; the default one where there is none. */
  leadStatusId?: number | null | undefined;
  /** Name of the status, in any case. */
  leadStatus?: Text;
  createdVia: CreatedVia;
  /** Now where unset. A day means its first moment, or the last touch of the journey on it. */
  createdAt?: When | undefined;
  /** Key of the site; else the one that holds the page, else the default one. */
  siteId?: Text;
  page?: Text;
  referrer?: Text;
  journey?: GivenTouch[] | undefined;
};

export type StoreContext = IntakeContext & { newId: () => string };

export type StoredPerson = { id: number; created: boolean };

/** Leads whose statements go into one transaction. */
const leadsPerBatch = 100;
/** Settings change seldom: preparing anew this often in a row means something else is wrong. */
const maxTries = 4;

/**
 * Stores leads from elsewhere by the rules of a form: a new person gets first touch and lead creation, a known one what
 * was blank. Every lead is checked before the first is stored; they are stored in their order.
 * @param locationOf where a lead stands in the input, for errors.
 * @throws KildeError `invalid_input` with an error for each lead that is not valid.
 */
export async function storePeople(
  context: StoreContext,
  { leads, locationOf }: { leads: GivenLead[]; locationOf: (index: number) => string },
): Promise<StoredPerson[]> {
  const references = await readReferences(context, leads);
  const { newId } = context;
  const mailDomains = await context.settings.mailDomains();
  const toE164 = leads.some(({ phone }) => phone != null) ? await loadReadPhone(context) : () => null;
  const now = context.clock();
  const prepare = async () =>
    prepareAll({
      newId,
      mailDomains,
      toE164,
      leads,
      references,
      settings: await readSettings(context),
      now,
      locationOf,
    });
  const stored: StoredPerson[] = [];
  // The first round checks all: none is stored where one is wrong.
  let prepared = await prepare();
  for (let tries = 0; stored.length < leads.length;) {
    const chunk = prepared.slice(stored.length, stored.length + leadsPerBatch);
    const outcomes = await storeChunk(context, chunk);
    if (outcomes) {
      stored.push(...outcomes);
      continue;
    }
    if ((tries += 1) === maxTries) throw conflict('The settings kept changing meanwhile. Send the request again.');
    context.settings.invalidate();
    prepared = await prepare();
  }
  return stored;
}

/** One transaction. Null where the settings have changed since the leads were prepared: then none is stored. */
async function storeChunk({ db }: StoreContext, intakes: Intake[]): Promise<StoredPerson[] | null> {
  const results = await db.$client.batch(intakes.map(intakeStatement), 'write');
  const people: StoredPerson[] = [];
  for (const [n, intake] of intakes.entries()) {
    const outcome = readIntakeOutcome({ row: results[n]!.rows[0]!, intake });
    if (outcome.state !== 'stored' || outcome.personId === null) return null;
    people.push({ id: outcome.personId, created: outcome.createdPerson });
  }
  return people;
}

type References = LeadReferences & {
  /** By `statusOf`: who has an archived status already. Given again, it is no new choice. */
  keeping: ReadonlySet<string>;
};

async function readReferences({ db }: StoreContext, leads: GivenLead[]): Promise<References> {
  const ownerIds = [...new Set(leads.flatMap(({ ownerId }) => ownerId ?? []))];
  const namesStatus = leads.some(({ leadStatus, leadStatusId }) => leadStatus != null || leadStatusId != null);
  if (ownerIds.length === 0 && !namesStatus) return { ownerIds: new Set(), leadStatuses: [], keeping: new Set() };
  const references = await readLeadReferences(db, { ownerIds });
  const archived = leads.filter((lead) => findStatus(lead, references)?.archivedAt != null);
  if (archived.length === 0) return { ...references, keeping: new Set() };
  const emails = archived.flatMap(({ email }) => {
    const address = normalizeEmail(email ?? '');
    return address.ok ? address.email : [];
  });
  return { ...references, keeping: await readStatusHolders(db, emails) };
}

type PrepareInput = {
  newId: () => string;
  mailDomains: MailDomains;
  toE164: ReadPhone;
  leads: GivenLead[];
  references: References;
  settings: Settings;
  now: number;
  locationOf: (index: number) => string;
};

function prepareAll({ newId, leads, locationOf, ...shared }: PrepareInput): Intake[] {
  const errors: InputError[] = [];
  const prepared: Intake[] = [];
  for (const [index, lead] of leads.entries()) {
    try {
      prepared.push(prepareGivenLead({ ...shared, id: newId(), lead, location: locationOf(index) }));
    } catch (error) {
      if (!(error instanceof KildeError)) throw error;
      errors.push(...error.errors);
    }
  }
  if (errors.length > 0) throw invalidInput(errors);
  return prepared;
}

function prepareGivenLead({
  id,
  mailDomains,
  toE164,
  lead,
  references,
  settings,
  now,
  location,
}: Pick<PrepareInput, 'mailDomains' | 'toE164' | 'references' | 'settings' | 'now'> & {
  id: string;
  lead: GivenLead;
  location: string;
}): Intake {
  const { email, domain } = readAddress({ lead, location });
  const site = findSite(settings, {
    key: lead.siteId ?? undefined,
    host: lead.page ? (URL.parse(lead.page)?.hostname ?? null) : null,
  });
  const phone = toE164(lead.phone, site);
  if (email === null && phone === null) throw nobody({ lead, location });
  const errors = findErrors({ lead, email, references, settings, site, now, location });
  if (errors.length > 0) throw invalidInput(errors);

  const journey = (lead.journey ?? []).map((touch) => toArrival({ touch, site })).toSorted((a, b) => a.at - b.at);
  return prepareLead({
    id,
    at: readCreation({ createdAt: lead.createdAt, journey, timeZone: site.timeZone }) ?? now,
    now,
    email,
    emailDomain: domain,
    phone,
    mailDomains,
    lead: {
      email,
      firstName: cleanValue(lead.firstName),
      lastName: cleanValue(lead.lastName),
      phone: cleanValue(lead.phone),
      title: cleanValue(lead.title),
      country: cleanValue(lead.country),
      companyName: cleanValue(lead.company?.name),
      companyDomain: cleanValue(lead.company?.domain),
      registrationNumber: cleanValue(lead.company?.registrationNumber),
    },
    page: readEvidence({
      pageUrl: lead.page ?? null,
      referrer: lead.referrer ?? null,
      isOwnHost: (host) => isSiteHost(site, host),
    }),
    journey,
    site,
    settings,
    createdVia: lead.createdVia,
    categoryId: null,
    ownerId: lead.ownerId ?? null,
    leadStatusId: findStatus(lead, references)?.id ?? null,
    consents: [],
  });
}

/** @throws KildeError `invalid_input` where what was given as an address is none. */
function readAddress({ lead, location }: { lead: GivenLead; location: string }) {
  if (lead.email == null || lead.email.trim() === '') return { email: null, domain: null };
  return requireEmail({ address: normalizeEmail(lead.email), location: `${location}.email` });
}

function nobody({ lead, location }: { lead: GivenLead; location: string }): KildeError {
  return invalidInput([
    lead.phone == null
      ? {
          location: `${location}.email`,
          message: 'The e-mail address is missing. A person needs one, or a telephone number.',
        }
      : {
          location: `${location}.phone`,
          message: `'${lead.phone}' is not a telephone number, and there is no e-mail address. A person needs one of the two.`,
        },
  ]);
}

/** When a lead came to be. Of a day, its touches on that day came before it. */
function readCreation({
  createdAt,
  journey,
  timeZone,
}: {
  createdAt: When | undefined;
  journey: Journey;
  timeZone: string;
}): number | undefined {
  if (!createdAt || !('day' in createdAt)) return createdAt?.at;
  const end = endMoment(createdAt, timeZone);
  return Math.max(firstMoment(createdAt, timeZone), ...journey.flatMap(({ at }) => (at < end ? at : [])));
}

function findStatus({ leadStatusId, leadStatus: name }: GivenLead, { leadStatuses }: LeadReferences) {
  if (leadStatusId != null) return leadStatuses.find(({ id }) => id === leadStatusId);
  if (name == null) return undefined;
  return (
    leadStatuses.find((status) => status.name === name) ??
    leadStatuses.find((status) => foldLatin(status.name) === foldLatin(name))
  );
}

/** What cannot be told from the lead alone. */
function findErrors({
  lead,
  email,
  references,
  settings,
  site: { timeZone },
  now,
  location,
}: {
  lead: GivenLead;
  email: string | null;
  references: References;
  settings: Settings;
  site: Site;
  now: number;
  location: string;
}): InputError[] {
  const errors: InputError[] = [];
  const report = (path: string, message: string): void => {
    errors.push({ location: `${location}.${path}`, message });
  };
  if (lead.createdAt && isInFuture(lead.createdAt, { now, timeZone })) report('createdAt', 'This lies in the future.');
  for (const [index, { at }] of (lead.journey ?? []).entries()) {
    if (isInFuture(at, { now, timeZone })) report(`journey[${index}].at`, 'This lies in the future.');
  }
  if (lead.siteId != null && !settings.sites.some(({ key }) => key === lead.siteId)) {
    report('siteId', noSuch('site', lead.siteId));
  }
  if (lead.ownerId != null && !references.ownerIds.has(lead.ownerId)) report('ownerId', noSuch('owner', lead.ownerId));
  for (const field of ['leadStatusId', 'leadStatus'] as const) {
    const status = findStatus(lead, references);
    if (lead[field] == null || status?.archivedAt === null) continue;
    if (status && email !== null && references.keeping.has(statusOf({ email, statusId: status.id }))) continue;
    const names = references.leadStatuses.filter(({ archivedAt }) => archivedAt === null).map(({ name }) => name);
    const state = { archived: status?.name ?? null, names };
    const value = String(lead[field]);
    errors.push(refusedChoice({ location: `${location}.${field}`, what: 'lead status', value, state }));
  }
  return errors;
}

/** Values given outright count as one set, before what the address says: a touch is never mixed of two. */
function toArrival({ touch, site }: { touch: GivenTouch; site: Site }): Arrival {
  const read = readEvidence({
    pageUrl: touch.url ?? null,
    referrer: touch.referrer ?? referrerOf(touch.referrerDomain),
    isOwnHost: (host) => isSiteHost(site, host),
  });
  const given = recordOf(utmFields, (field) => cleanValue(touch[originFields[field].name]));
  const landing = touch.landingPage ? readEvidence({ pageUrl: touch.landingPage, referrer: null }).landingPage : null;
  return {
    utm: hasUtm(given) ? given : read.utm,
    clickIds: givenClickIds(touch) ?? read.clickIds,
    referrerHost: read.referrerHost,
    landingPage: landing ?? cleanValue(touch.landingPage) ?? read.landingPage,
    at: firstMoment(touch.at, site.timeZone),
  };
}

/** All click ids given, the one that decided last, since that one decides; null where none was given. */
function givenClickIds({ clickId, clickIds = [] }: GivenTouch): ClickId[] | null {
  const canonical = ({ name, value }: ClickId): ClickId => ({ name: clickIdPlatform(name)?.name ?? name, value });
  const deciding = clickId ? [canonical(clickId)] : [];
  const given: ClickId[] = [];
  const isDeciding = (one: ClickId) => deciding.some(({ name, value }) => one.name === name && one.value === value);
  const others = clickIds.map(canonical).filter((one) => !isDeciding(one));
  for (const one of [...others, ...deciding]) addClickId(given, one);
  return given.length > 0 ? given : null;
}
