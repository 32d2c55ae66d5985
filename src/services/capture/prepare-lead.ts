import type { Intake } from '../../db/queries/capture/store-intake.ts';
import { combineMarks, firstTouch, originInForce } from '../../domain/attribution/points.ts';
import { rankEvidence, ranks, readEvidence } from '../../domain/attribution/read-evidence.ts';
import { noUtm } from '../../domain/attribution/origin-lists.ts';
import type { Arrival, Evidence, Journey } from '../../domain/attribution/types.ts';
import { invalidInput } from '../../domain/errors.ts';
import {
  companyNameKey,
  isNoCompany,
  normalizeCompanyDomain,
  normalizeRegistrationNumber,
} from '../../domain/people/company-name.ts';
import type { MailDomains } from '../../domain/hosts/mail-domains.ts';
import { mapFields } from '../../domain/capture/map-fields.ts';
import type { IsOwnHost, MappedLead } from '../../domain/capture/map-fields.ts';
import { normalizeEmail } from '../../domain/people/normalize-email.ts';
import type { EmailProblem, NormalizedEmail } from '../../domain/people/normalize-email.ts';
import { registrableDomain } from '../../domain/hosts/registrable-domain.ts';
import type { InboundSubmission } from '../../domain/capture/lead.ts';
import { foldText } from '../../domain/fold-text.ts';
import { dayInZone } from '../../domain/time-zone.ts';
import { isSiteHost } from '../capture-settings.ts';
import type { FormWithSite, Settings, Site } from '../capture-settings.ts';
import { prepareTouches } from '../attribution/prepare-touches.ts';

/** A second click on the same button is the same submission for this long. */
const secondClickMs = 30_000;

/** The company a lead points at: what is known of it, and whether the lead named it or only its e-mail address did. */
type CompanyHint = {
  explicit: boolean;
  givenName: string | null;
  domain: string | null;
  registrationNumber: string | null;
};

const emailProblems: Record<EmailProblem, string> = {
  empty: 'is missing',
  tooLong: 'is longer than an address can be',
  badCharacter: 'holds a character that an address cannot have',
  noAt: 'has no @',
  badLocalPart: 'is not an address: check what stands before the @',
  badDomain: 'is not an address: check what stands after the @',
};

/** What is said of an address that is none. */
export const emailMessage = (problem: EmailProblem): string => `The e-mail address ${emailProblems[problem]}.`;

/** The address. @throws KildeError `invalid_input` at `location` where it is none. */
export function requireEmail({ address, location }: { address: NormalizedEmail; location: string }): {
  email: string;
  domain: string;
} {
  if (!address.ok) throw invalidInput([{ location, message: emailMessage(address.reason) }]);
  return address;
}

/** What a form says of its sender, by its mapping; the address may be none. */
export type Sender = { lead: MappedLead; address: NormalizedEmail; form: FormWithSite };

/** Who a lead is of: an address with its domain, else a telephone number, else nobody. */
type Identity = { email: string | null; domain: string | null };

export function readSender({ inbound, form }: { inbound: InboundSubmission; form: FormWithSite }): Sender {
  const isOwnHost = ownHosts({ site: form.site, pages: [inbound.page, inbound.pageOrigin] });
  const lead = mapFields({ fields: inbound.fields, mapping: form.fieldMapping, isOwnHost });
  return { lead, address: normalizeEmail(lead.email ?? ''), form };
}

/** Whether a host or an address is the site's own, by its domains and its pages: never the sender's company. */
function ownHosts({ site, pages }: { site: Site; pages: ReadonlyArray<string | null | undefined> }): IsOwnHost {
  let known: Set<string | null> | undefined;
  return (hostOrUrl) => {
    const own = (known ??= new Set([...site.domains, ...pages].map((one) => (one ? registrableDomain(one) : null))));
    const domain = registrableDomain(hostOrUrl);
    return domain !== null && own.has(domain);
  };
}

/**
 * The sender's address, where one was sent: a form is never refused for what it lacks.
 * @param mustCorrect whether the sender is asked to correct what is no address. Not where a telephone number says who it is, nor where
 * the sender was told already that the form is stored.
 * @throws KildeError `invalid_input` where what was sent as an address is none and must be corrected.
 */
export function identifySender({ lead, address, form }: Sender, { mustCorrect }: { mustCorrect: boolean }): Identity {
  if (!address.ok) {
    const isLeftOut = lead.email === null || address.reason === 'empty' || isNoCompany(lead.email);
    if (isLeftOut || !mustCorrect) return { email: null, domain: null };
  }
  const field = lead.mappedFrom.email ?? form.fieldMapping['email'] ?? 'email';
  return requireEmail({ address, location: `fields.${field}` });
}

/**
 * Applies every rule to a submission: who sent it, from which company, by which origin.
 * @param phone the sender's telephone number in E.164; null where none was sent.
 * @throws KildeError `invalid_input` where what was sent as an e-mail address is none.
 */
export function prepareSubmission({
  inbound,
  sender,
  phone,
  idempotencyKey,
  settings,
  mailDomains,
  now,
  release = false,
  acknowledged,
}: {
  inbound: InboundSubmission;
  sender: Sender;
  phone: string | null;
  /** As it is stored. */
  idempotencyKey: string | null;
  settings: Settings;
  mailDomains: MailDomains;
  now: number;
  release?: boolean;
  /** The sender was told that it is stored. */
  acknowledged: boolean;
}): Intake {
  const { lead, form } = sender;
  const { email, domain } = identifySender(sender, { mustCorrect: phone === null && !acknowledged });
  const tracked = form.utmTracking && form.site.utmTracking;
  const page = tracked ? pageEvidence({ inbound, site: form.site }) : untrackedPage(inbound);
  return prepareLead({
    id: inbound.id,
    at: inbound.at,
    now,
    email,
    emailDomain: domain,
    phone,
    lead,
    page,
    journey: tracked ? inbound.journey : [],
    site: form.site,
    settings,
    mailDomains,
    createdVia: 'form',
    pageOrigin: inbound.pageOrigin,
    form: {
      formId: form.id,
      fields: JSON.stringify(inbound.fields),
      page: page.landingPage,
      selfReported: lead.selfReported,
      idempotencyKey,
      contentHash: inbound.contentHash,
      contentSince: inbound.at - secondClickMs,
      // What came in while the form was open stays in.
      closesAfter: release ? null : form.closesAfter,
      day: dayInZone(inbound.at, form.site.timeZone),
      selectionId: form.selectionId,
    },
    categoryId: form.defaultCategoryId,
    consents: givenConsents({ inbound, form, lead }),
  });
}

type IntakeForm = Pick<
  Intake,
  | 'formId'
  | 'fields'
  | 'page'
  | 'selfReported'
  | 'idempotencyKey'
  | 'contentHash'
  | 'contentSince'
  | 'closesAfter'
  | 'day'
  | 'selectionId'
>;

const noForm: IntakeForm = {
  formId: null,
  fields: null,
  page: null,
  selfReported: null,
  idempotencyKey: null,
  contentHash: null,
  contentSince: null,
  closesAfter: null,
  day: null,
  selectionId: null,
};

/** What every lead is prepared from, sent by a form or not. */
export type LeadInput = {
  id: string;
  at: number;
  now: number;
  email: string | null;
  emailDomain: string | null;
  /** In E.164; null where the lead has none. */
  phone: string | null;
  lead: Omit<MappedLead, 'mappedFrom' | 'consent' | 'selfReported'>;
  page: Evidence;
  /** Origin of the page that holds the form, where a browser named it. */
  pageOrigin?: string | null | undefined;
  journey: Journey;
  site: Site;
  settings: Settings;
  mailDomains: MailDomains;
  createdVia: string;
  /** Of a form's submission. */
  form?: IntakeForm;
  categoryId: number | null;
  ownerId?: number | null;
  leadStatusId?: number | null;
  consents: GivenConsent[];
};

/** A consent that came with a lead. `confirmUrl` is set where it counts only after its sender has confirmed it by mail. */
type GivenConsent = { purpose: string; text: string | null; confirmUrl?: string };

export function prepareLead(input: LeadInput): Intake {
  const { lead, site, settings } = input;
  const rules = settings.originRules(site);
  const { ignoredReferrers } = rules;
  const { journey, page, at } = input;
  const inForce = originInForce({ page, journey, at, lookBackDays: site.lookBackDays, ignoredReferrers });
  const first = firstTouch({ journey, inForce, ignoredReferrers });
  const prepared = prepareTouches({ arrivals: withArrival(journey, inForce), siteId: site.id, rules });
  const inForceTouch = prepared.touchOf(inForce);
  const firstTouchStored = prepared.touchOf(first);
  // Direct, because nobody said where the lead came from, and not because somebody came that way.
  const isStandIn =
    input.form === undefined && !journey.includes(inForce) && rankEvidence(inForce, ignoredReferrers) === ranks.direct;

  const company = companyHint(input);
  return {
    ...(input.form ?? noForm),
    id: input.id,
    version: settings.version,
    at: input.at,
    now: input.now,
    createdVia: input.createdVia,
    email: input.email,
    firstName: lead.firstName,
    firstNameFold: foldText(lead.firstName),
    lastName: lead.lastName,
    lastNameFold: foldText(lead.lastName),
    phone: input.phone ?? lead.phone,
    phoneKey: input.phone,
    title: lead.title,
    titleFold: foldText(lead.title),
    country: lead.country,
    ownerId: input.ownerId ?? null,
    leadStatusId: input.leadStatusId ?? settings.defaultLeadStatus?.id ?? null,
    // A lead with a status gets that status's category, once it is stored (db/program/intake.ts).
    categoryId:
      input.categoryId ?? (input.leadStatusId == null ? (settings.defaultLeadStatus?.setsCategoryId ?? null) : null),
    companyExplicit: company.explicit ? 1 : 0,
    companyGivenName: company.givenName,
    companyName: company.givenName ?? company.domain ?? company.registrationNumber,
    companyNameFold: foldText(company.givenName ?? company.domain ?? company.registrationNumber),
    companyNameKey: company.givenName === null ? null : companyNameKey(company.givenName),
    companyDomain: company.domain,
    registrationNumber: company.registrationNumber,
    originValues: JSON.stringify(prepared.values),
    origins: JSON.stringify(prepared.origins),
    touches: JSON.stringify(
      isStandIn
        ? prepared.touches.map((one) => (one === inForceTouch ? { ...one, standIn: true } : one))
        : prepared.touches,
    ),
    inForceKey: inForceTouch.key,
    inForceAt: inForceTouch.at,
    inForceLandingPage: inForceTouch.landingPage,
    firstTouchKey: firstTouchStored.key,
    firstTouchAt: firstTouchStored.at,
    firstTouchLandingPage: firstTouchStored.landingPage,
    consents: input.consents.length > 0 ? JSON.stringify(input.consents) : null,
  };
}

/** What the page that holds the form says: fields of the form first, else its own address. */
function pageEvidence({ inbound, site }: { inbound: InboundSubmission; site: Site }): Evidence {
  const page = readEvidence({
    pageUrl: inbound.page ?? '',
    referrer: inbound.referrer ?? '',
    isOwnHost: (host) => isSiteHost(site, host),
  });
  return combineMarks({ hidden: inbound.hiddenOrigin, page });
}

function untrackedPage(inbound: InboundSubmission): Evidence {
  const { landingPage } = readEvidence({ pageUrl: inbound.page ?? '', referrer: '' });
  return { utm: noUtm, clickIds: [], referrerHost: null, landingPage };
}

/** The journey with the arrival in its place, where it is not one of the journey's own. */
function withArrival(journey: Journey, arrival: Arrival): Journey {
  if (journey.includes(arrival)) return journey;
  return [...journey, arrival].sort((a, b) => a.at - b.at);
}

/** What a lead says of its company. The site's own domains and words for "none" are no company. */
function companyHint({ lead, emailDomain, mailDomains, site, page, pageOrigin }: LeadInput): CompanyHint {
  const isOwnHost = ownHosts({ site, pages: [page.landingPage, pageOrigin] });
  const isCompany = (text: string | null): text is string => text !== null && !isNoCompany(text);
  const named = (domain: string | null): string | null => (domain !== null && !isOwnHost(domain) ? domain : null);

  const givenName = isCompany(lead.companyName) && !isOwnHost(lead.companyName) ? lead.companyName : null;
  const givenDomain = named(isCompany(lead.companyDomain) ? normalizeCompanyDomain(lead.companyDomain) : null);
  const registrationNumber = isCompany(lead.registrationNumber)
    ? normalizeRegistrationNumber(lead.registrationNumber)
    : null;
  const mailDomain =
    emailDomain === null || mailDomains.isFree(emailDomain) || mailDomains.isDisposable(emailDomain)
      ? null
      : named(registrableDomain(emailDomain));
  const explicitDomain = givenDomain !== null && !mailDomains.isFree(givenDomain) ? givenDomain : null;
  return {
    explicit: givenName !== null || explicitDomain !== null || registrationNumber !== null,
    givenName,
    domain: explicitDomain ?? mailDomain,
    registrationNumber,
  };
}

const refusals = new Set(['', '0', 'false', 'no', 'nei', 'off']);

function givenConsents({
  inbound,
  form,
  lead,
}: {
  inbound: InboundSubmission;
  form: FormWithSite;
  lead: MappedLead;
}): GivenConsent[] {
  const declared = form.consents
    .filter(({ field }) => {
      const value = inbound.fields[field];
      const sent = Array.isArray(value) ? value.at(-1) : value;
      return sent !== undefined && !refusals.has(sent.trim().toLowerCase());
    })
    .map(({ purpose, text, doubleOptIn }) => ({
      purpose,
      text,
      ...(doubleOptIn ? { confirmUrl: inbound.formUrl ?? `/f/${form.key}` } : {}),
    }));
  if (declared.length > 0 || form.consents.length > 0 || !lead.consent) return declared;
  return [{ purpose: lead.mappedFrom.consent ?? 'consent', text: null }];
}
