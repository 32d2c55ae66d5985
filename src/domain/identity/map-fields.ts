import { cleanValue } from '../attribution/values.ts';
import { foldFieldName, type LeadTarget, leadTargets, targetOfField } from './field-names.ts';
import { normalizeEmail } from './normalize-email.ts';
import { type FormFields, isControlField } from './reserved-fields.ts';

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
 */
export function mapFields({ fields, mapping = {} }: { fields: FormFields; mapping?: FieldMapping }): MappedLead {
  const sources = findSources(fields, mapping);
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

function findSources(fields: FormFields, mapping: FieldMapping): Partial<Record<LeadTarget, string>> {
  const names = Object.keys(fields);
  const sources: Partial<Record<LeadTarget, string>> = {};
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
    .map((name) => ({ name, found: targetOfField(name), blank: textOf(fields, name) === null }));
  for (const target of leadTargets) {
    if (settled.has(target)) continue;
    const named = guess(free, target);
    const source = target === 'email' ? guessEmail({ fields, free, named }) : named[0];
    if (source !== undefined) sources[target] = source;
  }
  return sources;
}

type FreeField = { name: string; found: ReturnType<typeof targetOfField>; blank: boolean };

/** Fields that go by a target's names: those that hold something first, then the surest name first, then as sent. */
function guess(free: FreeField[], target: LeadTarget): string[] {
  const found = free.filter((one) => one.found?.target === target);
  if (found.length > 1) {
    found.sort((a, b) => Number(a.blank) - Number(b.blank) || (a.found?.rank ?? 0) - (b.found?.rank ?? 0));
  }
  return found.map(({ name }) => name);
}

/** The first field named as an address that holds one; else, so that the error can name it, the first so named; else one that hints at mail. */
function guessEmail({
  fields,
  free,
  named,
}: {
  fields: FormFields;
  free: FreeField[];
  named: string[];
}): string | undefined {
  const holdsAddress = (name: string): boolean => normalizeEmail(textOf(fields, name) ?? '').ok;
  if (named.length === 1) return named[0];
  if (named.length > 1) return named.find(holdsAddress) ?? named[0];
  return free.find(({ name }) => /mail|post/u.test(foldFieldName(name)) && holdsAddress(name))?.name;
}

function isReserved(name: string): boolean {
  return isControlField(name) || (name.startsWith('_') && name.toLowerCase() !== '_replyto');
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
  const space = fullName.lastIndexOf(' ');
  return space === -1
    ? { firstName: fullName, lastName: null }
    : { firstName: fullName.slice(0, space), lastName: fullName.slice(space + 1) };
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
