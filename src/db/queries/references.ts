import { company, person } from '../schema/people.ts';

/** A person as other records refer to them: `name` is the first of full name, e-mail address and phone number. */
export type PersonReference = { id: string; name: string; email: string | null };
export type CompanyReference = { id: string; name: string; domain: string | null };

export const personReference = {
  id: person.id,
  firstName: person.firstName,
  lastName: person.lastName,
  email: person.email,
  phone: person.phone,
};
export const companyReference = { id: company.id, name: company.name, domain: company.domain };

type PersonRow = {
  id: number;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
};

export function toPersonReference(row: PersonRow | null): PersonReference | null {
  if (row === null) return null;
  const fullName = [row.firstName, row.lastName].filter(Boolean).join(' ');
  return { id: String(row.id), name: fullName || row.email || row.phone || '', email: row.email };
}

export function toCompanyReference(
  row: { id: number; name: string; domain: string | null } | null,
): CompanyReference | null {
  return row && { id: String(row.id), name: row.name, domain: row.domain };
}
