import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { FoundLead, FoundBy } from '../../../domain/deals/suggest-lead.ts';
import { toCompanyReference, toPersonReference } from '../references.ts';
import type { CompanyReference, PersonReference } from '../references.ts';

/** More than this is a near tie anyway. */
const most = 6;
const shortestName = 3;
const shortestAddress = 5;

/** What a deal says: the name of the domain it waits for, the part of the address before the @, and the two sides of a dash in its name. */
const label = "substr(deal.link_domain, 1, instr(deal.link_domain, '.') - 1)";
const spaced = `replace(${label}, '-', ' ')`;
const local = "substr(deal.link_email, 1, instr(deal.link_email, '@') - 1)";
const separators = [' - ', ' – ', ' — ', ':', ',', '|'];
const dash = `(SELECT min(instr(deal.name_fold, mark.value)) FROM json_each('${JSON.stringify(separators)}') mark WHERE instr(deal.name_fold, mark.value) > 0)`;
const firstPart = `trim(substr(deal.name_fold, 1, coalesce(${dash}, 256) - 1))`;
const lastPart = `trim(substr(deal.name_fold, ${dash}), ' -–—:,|')`;

const companies = ({ by, condition, key }: { by: FoundBy; condition: string; key: string }) =>
  `SELECT '${by}' AS found_by, NULL AS person_id, id AS company_id
    FROM (SELECT id FROM company WHERE length(${key}) >= ${shortestName} AND ${condition} LIMIT ${most})`;
const named = (key: string) =>
  companies({ by: 'nameInDeal', key, condition: `name_fold >= ${key} AND name_fold < ${key} || '!'` });

/** Each is found by an index and ends after a few. */
const found = [
  companies({ by: 'sameCompanyName', key: label, condition: `name_key IN (${label}, ${spaced})` }),
  companies({
    by: 'nameBeginsAlike',
    key: label,
    condition: `name_key >= ${spaced} || ' ' AND name_key < ${spaced} || '!'`,
  }),
  companies({ by: 'otherDomain', key: label, condition: `domain >= ${label} || '.' AND domain < ${label} || '/'` }),
  named(firstPart),
  named(lastPart),
  `SELECT 'sameAddressName', id, company_id FROM (SELECT id, company_id FROM person
    WHERE length(${local}) >= ${shortestAddress} AND email >= ${local} || '@' AND email < ${local} || 'A' LIMIT ${most})`,
].join(' UNION ALL ');

/** The only person of a company. */
const onlyPerson = `(SELECT iif(count(*) = 1, min(id), NULL) FROM (SELECT p.id FROM person p WHERE p.company_id = f.company_id AND p.id > 0 LIMIT 2))`;

/** A column of the statement that reads deals: all whom a deal may belong to, as JSON that `readLeads` reads. */
export const leadsColumn = sql.raw(`(SELECT json_group_array(json_object('foundBy', f.found_by,
    'companyId', k.id, 'companyName', k.name, 'domain', k.domain,
    'personId', w.id, 'firstName', w.first_name, 'lastName', w.last_name, 'email', w.email, 'phone', w.phone))
  FROM (${found}) f LEFT JOIN company k ON k.id = f.company_id LEFT JOIN person w ON w.id = coalesce(f.person_id, ${onlyPerson}))`) as SQL<string>;

export type LeadOfDeal = FoundLead<PersonReference, CompanyReference>;

type Entry = {
  foundBy: FoundBy;
  companyId: number | null;
  companyName: string | null;
  domain: string | null;
  personId: number | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
};

export function readLeads(json: string): LeadOfDeal[] {
  return (JSON.parse(json) as Entry[]).map(({ foundBy, companyId, companyName, domain, personId, ...person }) => ({
    foundBy,
    company: toCompanyReference(companyId === null ? null : { id: companyId, name: companyName ?? '', domain }),
    person: toPersonReference(personId === null ? null : { id: personId, ...person }),
  }));
}
