import { companyNameKey } from '../people/company-name.ts';

/** Why a person or a company may be the one that a deal without a lead belongs to, with its weight. */
const weights = {
  /** The company's name is the name of the domain, or stands in the name of the deal: `Lonvika: 80 users`. */
  sameCompanyName: 3,
  /** The company's domain has the same name and another ending: `lonvika.com` and `lonvika.no`. */
  otherDomain: 3,
  /** Somebody's address has the same part before the @: `kari.nordmann@`. */
  sameAddressName: 3,
  /** The company's name begins with the name of the domain: `Lonvika Ventilasjon AS` and `lonvika.no`. */
  nameBeginsAlike: 2,
} as const;
export type SuggestionReason = keyof typeof weights;
export const suggestionReasons = Object.keys(weights) as [SuggestionReason, ...SuggestionReason[]];

/** How the database found a record (db/queries/deals/suggest-leads.ts). `nameInDeal`: the company's name begins as a part of the deal's does. */
export type FoundBy = SuggestionReason | 'nameInDeal';

/** Two candidates whose weights differ by less are a near tie: none of them is suggested. */
const clearLead = 2;
const mostRefused = 5;

/** Parts before the @ that are no person's. */
const sharedAddresses = new Set(
  'contact kontakt office admin sales support faktura invoice regnskap accounting innkjop purchasing marketing firmapost postmottak booking order ordre noreply'.split(
    ' ',
  ),
);

type Named = { id: string; name: string };

export type FoundLead<Person, Company> = {
  foundBy: FoundBy;
  /** Set where one person alone is meant: by the address, or as the only one at the company. */
  person: Person | null;
  company: Company | null;
};

export type SuggestedLead<Person, Company> = {
  person: Person | null;
  company: Company | null;
  reasons: SuggestionReason[];
};

type Reasoned<Person, Company> = { reason: SuggestionReason; person: Person | null; company: Company | null };

/**
 * The likeliest lead of a deal, and where several are about as likely those instead, the likeliest first. Never a guess among them.
 * @param deal its name, and the address that it waits for.
 */
export function chooseLead<Person extends Named, Company extends Named>(
  found: ReadonlyArray<FoundLead<Person, Company>>,
  deal: { name: string | null; email: string | null },
): { suggestion: SuggestedLead<Person, Company> | null; refused: Array<SuggestedLead<Person, Company>> } {
  const byTarget = Map.groupBy(
    found.flatMap((one) => withReason(one, deal)),
    ({ company, person }) => (company ? `company ${company.id}` : `person ${person?.id ?? ''}`),
  );
  const candidates = [...byTarget.values()]
    .map((all) => {
      const reasons = suggestionReasons.filter((reason) => all.some((one) => one.reason === reason));
      const weight = reasons.reduce((sum, reason) => sum + weights[reason], 0);
      return { weight, lead: { person: onePerson(all), company: all[0]!.company, reasons } };
    })
    .toSorted((a, b) => b.weight - a.weight);
  const [first, second] = candidates;
  if (!first) return { suggestion: null, refused: [] };
  if (!second || first.weight - second.weight >= clearLead) return { suggestion: first.lead, refused: [] };
  const near = candidates.filter(({ weight }) => first.weight - weight < clearLead);
  return { suggestion: null, refused: near.slice(0, mostRefused).map(({ lead }) => lead) };
}

/** What was found by more than it says is read again: a name that only begins alike, an address that many share. */
function withReason<Person, Company extends Named>(
  { foundBy, person, company }: FoundLead<Person, Company>,
  { name, email }: { name: string | null; email: string | null },
): Array<Reasoned<Person, Company>> {
  if (foundBy === 'nameInDeal') {
    return company && isNamedIn(company.name, name ?? '') ? [{ reason: 'sameCompanyName', person, company }] : [];
  }
  const local = email?.split('@')[0] ?? '';
  const isShared = sharedAddresses.has(local) || !/\p{L}{2}/u.test(local);
  return foundBy === 'sameAddressName' && isShared ? [] : [{ reason: foundBy, person, company }];
}

/** Whether a part of a deal's name is a company's, without their legal forms. */
function isNamedIn(companyName: string, dealName: string): boolean {
  const key = companyNameKey(companyName);
  return [dealName, ...dealName.split(/\s+[-–—]+\s+|[:|,]/u)].some((part) => companyNameKey(part) === key);
}

/** Who is meant by the address; else the only person at the company. Of several by the address, nobody. */
function onePerson<Person extends Named, Company>(all: ReadonlyArray<Reasoned<Person, Company>>): Person | null {
  const byAddress = all.filter(({ reason }) => reason === 'sameAddressName');
  const meant = byAddress.length > 0 ? byAddress : all;
  const people = new Map(meant.flatMap(({ person }) => (person ? [[person.id, person] as const] : [])));
  return people.size === 1 ? [...people.values()][0]! : null;
}
