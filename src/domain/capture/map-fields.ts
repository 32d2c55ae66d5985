import { cleanValue } from '../text-values.ts';
import { isNoCompany } from '../people/company-name.ts';
import { containerOf, foldFieldName, type LeadTarget, leadTargets, targetOfField } from '../people/field-names.ts';
import { normalizeEmail } from '../people/normalize-email.ts';
import { splitName } from '../people/split-name.ts';
import { type FormFields, controlNameOf } from './reserved-fields.ts';

/** What a form says about its sender, as written: cleaned, cut at 255, nothing normalised yet. Null where the form does not say. */
export type MappedLead = {
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  title: string | null;
  companyName: string | null;
  companyDomain: string | null;
  registrationNumber: string | null;
  country: string | null;
  /** Whether the box was ticked. Null where no such field came: a browser leaves an empty tick box out. */
  consent: boolean | null;
  /** Several ticked answers are joined by a comma. */
  selfReported: string | null;
  /** The field each target was read from, by the name the form gave it. `fullName` is where a split name came from. */
  mappedFrom: Partial<Record<LeadTarget, string>>;
};

/** Target → name of the field that holds it, as set on a form. `''` means that the form does not ask. Unknown targets are ignored. */
export type FieldMapping = Record<string, string>;

const refusals = new Set(['no', 'nei', 'nej', 'nein', 'false', 'off', '0']);

/**
 * Finds what a form says about its sender among its fields.
 *
 * A mapping set on the form wins, reserved names included; its field is then used for nothing else. Where the mapped field was not
 * sent at all (the form was changed, the mapping not), the common names are looked for as if there were no mapping. Without one, a field
 * goes by its name (`field-names.ts`), the first that holds something. Reserved fields are never guessed at.
 * @param isOwnHost whether a host is the site's own: its address is not the sender's.
 */
export function mapFields({
  fields,
  mapping = {},
  isOwnHost = () => false,
}: {
  fields: FormFields;
  mapping?: FieldMapping;
  isOwnHost?: IsOwnHost;
}): MappedLead {
  const sources = findSources({ fields, mapping, isOwnHost });
  const read = (target: LeadTarget): string | null => textOf(fields, sources[target]);
  const name = completeName({ firstName: read('firstName'), lastName: read('lastName'), fullName: read('fullName') });
  return {
    email: read('email'),
    firstName: name.firstName,
    lastName: name.lastName,
    phone: read('phone'),
    title: read('title'),
    companyName: read('companyName'),
    companyDomain: read('companyDomain'),
    registrationNumber: read('registrationNumber'),
    country: read('country'),
    consent: sources.consent === undefined ? null : isAgreement(read('consent')),
    selfReported: sources.selfReported === undefined ? null : joinedText(fields[sources.selfReported]),
    mappedFrom: sources,
  };
}

export type IsOwnHost = (hostOrUrl: string) => boolean;

type Sources = Partial<Record<LeadTarget, string>>;

function findSources({
  fields,
  mapping,
  isOwnHost,
}: {
  fields: FormFields;
  mapping: FieldMapping;
  isOwnHost: IsOwnHost;
}): Sources {
  const names = Object.keys(fields);
  const sources: Sources = {};
  const settled = new Set<LeadTarget>();
  for (const target of leadTargets) {
    const wanted = mapping[target];
    if (wanted === undefined) continue;
    const sent = names.includes(wanted)
      ? wanted
      : names.find((name) => foldFieldName(name) === foldFieldName(wanted) && foldFieldName(name) !== '');
    if (sent !== undefined) sources[target] = sent;
    if (sent !== undefined || wanted === '') settled.add(target);
  }

  const taken = new Set(Object.values(sources));
  const free = names
    .filter((name) => !taken.has(name) && !isReserved(name))
    .map((name) => ({ name, found: targetOfField(name), text: textOf(fields, name) }));
  if (!settled.has('email')) {
    const source = guessEmail(free, isOwnHost);
    if (source !== undefined) sources.email = source;
  }
  const container = sources.email === undefined ? '' : containerOf(sources.email);
  for (const target of leadTargets) {
    if (target === 'email' || settled.has(target)) continue;
    const source = guess({ free, target, container, isOwnHost });
    if (source !== undefined) sources[target] = source;
  }
  return sources;
}

type FreeField = { name: string; found: ReturnType<typeof targetOfField>; text: string | null };

/** What holds all answers of a form in the body that a form tool sends; what stands outside describes the form. */
const answersContainer =
  /(?:fields?|data|payload|answers?|responses?|values?|submission|form|inputs?|body|attributes|properties|params|entry)$/;

/**
 * The field that goes by a target's names: one that holds something first, then one that stands where the address does, then the surest
 * name, then as sent. `name` outside the container that holds all answers is what the form is called.
 */
function guess({
  free,
  target,
  container,
  isOwnHost,
}: {
  free: FreeField[];
  target: LeadTarget;
  /** Where the address stands. */
  container: string;
  isOwnHost: IsOwnHost;
}): string | undefined {
  let found = free.filter((field) => field.found?.target === target);
  if (container !== '' || found.some((field) => field.found!.isOfThing)) {
    found = found.filter((field) => isOfSender({ field, container }));
  }
  if (found.length > 1) {
    const order = (field: FreeField): number =>
      (isNoAnswer({ field, target, isOwnHost }) ? 2 * sameContainer : 0) +
      (containerOf(field.name) === container ? 0 : sameContainer) +
      field.found!.rank;
    found.sort((a, b) => order(a) - order(b));
  }
  return found[0]?.name;
}

/** More than any rank of a name. */
const sameContainer = 10_000;

function isOfSender({ field: { name, found }, container }: { field: FreeField; container: string }): boolean {
  const own = containerOf(name);
  if (own === container) return true;
  if (found!.isOfThing) return false;
  const isOutside = own === '' || container.startsWith(`${own}/`);
  return !(found!.isDescription && isOutside && answersContainer.test(container));
}

/** Nothing, a word for "none", or the site's own address. */
function isNoAnswer({
  field: { text },
  target,
  isOwnHost,
}: {
  field: FreeField;
  target: LeadTarget;
  isOwnHost: IsOwnHost;
}): boolean {
  if (text === null) return true;
  if (target !== 'companyName' && target !== 'companyDomain' && target !== 'registrationNumber') return false;
  return isNoCompany(text) || (target !== 'registrationNumber' && isOwnHost(text));
}

/** Fields that say to whom a form's answers are sent. */
const recipient =
  /^(?:e?mail|send|reply)?(?:to|cc|bcc)(?:e?mail|address)?$|recipient|receiver|mottaker|mottagare|modtager|empfanger|empfaenger|destinat|ontvanger|vastaanottaja|admin|owner|notif/u;

/**
 * The first field named as an address that holds one; else, so that the error can name it, the first so named; else one that hints at
 * mail; else the only address among the answers.
 */
function guessEmail(free: FreeField[], isOwnHost: IsOwnHost): string | undefined {
  const named = free.filter(({ found }) => found?.target === 'email');
  if (named.length > 1) named.sort((a, b) => a.found!.rank - b.found!.rank);
  const best = named.find(({ text }) => addressIn(text) !== null) ?? named.find(({ text }) => text !== null);
  if (best !== undefined) return best.name;

  const others: Array<{ name: string; address: string }> = [];
  for (const { name, text } of free) {
    const address = text?.includes('@') ? addressIn(text) : null;
    if (address === null || recipient.test(foldFieldName(name))) continue;
    if (!isOwnHost(address.slice(address.indexOf('@') + 1))) others.push({ name, address });
  }
  const hinted = others.find(({ name }) => /mail|post/u.test(foldFieldName(name)));
  const only = others.every(({ address }) => address === others[0]!.address) ? others[0] : undefined;
  return (hinted ?? only)?.name ?? named[0]?.name;
}

function addressIn(text: string | null): string | null {
  const address = normalizeEmail(text ?? '');
  return address.ok ? address.email : null;
}

function isReserved(name: string): boolean {
  return (
    controlNameOf(name) !== null || /^utm_/i.test(name) || (name.startsWith('_') && name.toLowerCase() !== '_replyto')
  );
}

/** A full name fills what its parts leave open: split at the last space, or what is left of it beside the part that is known. */
function completeName({
  firstName,
  lastName,
  fullName,
}: {
  firstName: string | null;
  lastName: string | null;
  fullName: string | null;
}): {
  firstName: string | null;
  lastName: string | null;
} {
  if (fullName === null || (firstName !== null && lastName !== null)) return { firstName, lastName };
  if (firstName !== null) {
    // German forms ask for `Vorname` and `Name`, the latter being the surname alone.
    return { firstName, lastName: fullName === firstName ? null : withoutStart(fullName, `${firstName} `) };
  }
  if (lastName !== null)
    return { firstName: fullName === lastName ? null : withoutEnd(fullName, ` ${lastName}`), lastName };
  return splitName(fullName);
}

function withoutStart(text: string, start: string): string {
  return text.toLowerCase().startsWith(start.toLowerCase()) ? text.slice(start.length) : text;
}

function withoutEnd(text: string, end: string): string {
  return text.toLowerCase().endsWith(end.toLowerCase()) ? text.slice(0, -end.length) : text;
}

function isAgreement(text: string | null): boolean {
  return text !== null && !refusals.has(text.toLowerCase());
}

function textOf(fields: FormFields, name: string | undefined): string | null {
  const value = name === undefined ? undefined : fields[name];
  if (value === undefined) return null;
  if (typeof value === 'string') return cleanLine(value);
  return value.map(cleanLine).find((text) => text !== null) ?? null;
}

function joinedText(value: string | string[] | undefined): string | null {
  return cleanLine(
    valuesOf(value)
      .map(cleanLine)
      .filter((text) => text !== null)
      .join(', '),
  );
}

function valuesOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat();
}

/** One line: `cleanValue` takes line breaks out, which would join the words beside them. */
function cleanLine(raw: string): string | null {
  const text = raw.slice(0, 4000);
  return cleanValue(/\s/u.test(text) ? text.replace(/\s+/gu, ' ') : text);
}
