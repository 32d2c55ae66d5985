import { cleanText } from './clean-text.ts';
import type { FormFields } from './reserved-fields.ts';

/** What a form's field can be mapped to. */
export const leadTargets = [
  'email', 'firstName', 'lastName', 'fullName', 'phone', 'title', 'companyName', 'companyDomain', 'registrationNumber',
  'country', 'consent', 'selfReported',
] as const;

export type LeadTarget = (typeof leadTargets)[number];

/** What a form says about its sender, as written: cleaned text, nothing normalised yet. Null where the form does not say. */
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
  /** Whether consent was ticked. Null where no such field came: a browser leaves an empty tick box out. */
  consent: boolean | null;
  selfReported: string | null;
  /** The field each value was taken from, under the name the form gave it. */
  mappedFrom: Partial<Record<LeadTarget, string>>;
};

export type FieldMapping = Record<string, string>;

/** Finds who sent a form among its fields. */
export function mapFields({ fields, mapping = {} }: { fields: FormFields; mapping?: FieldMapping }): MappedLead {
  const mappedFrom: Partial<Record<LeadTarget, string>> = {};
  const take = (target: LeadTarget, fallback: string): string | null => {
    const name = mapping[target] ?? fallback;
    const text = cleanText([fields[name] ?? ''].flat()[0] ?? '');
    if (text !== null) mappedFrom[target] = name;
    return text;
  };
  return {
    email: take('email', 'email'),
    firstName: take('firstName', 'first_name'),
    lastName: take('lastName', 'last_name'),
    phone: take('phone', 'phone'),
    title: take('title', 'title'),
    companyName: take('companyName', 'company'),
    companyDomain: take('companyDomain', 'website'),
    registrationNumber: take('registrationNumber', 'orgnr'),
    country: take('country', 'country'),
    consent: take('consent', 'consent') === null ? null : true,
    selfReported: take('selfReported', 'how_did_you_hear'),
    mappedFrom,
  };
}
