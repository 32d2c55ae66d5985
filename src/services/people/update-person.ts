import { and, eq, not, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { categoryOfStatus, statusSetsCategory } from '../../db/fragments/automation.ts';
import { canChoose, choiceState } from '../../db/fragments/choices.ts';
import { idOfName } from '../../db/fragments/id-of-name.ts';
import { selectPeople, toPersonView } from '../../db/queries/people/read-people.ts';
import type { PersonView } from '../../db/queries/people/read-people.ts';
import { company, leadStatus, person, personEmail } from '../../db/schema/people.ts';
import { cleanValue } from '../../domain/text-values.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { foldText } from '../../domain/fold-text.ts';
import { readSettings } from '../change-settings.ts';
import { readPhone } from './read-phone.ts';
import { refusedChoice } from '../refused-choice.ts';
import type { ServiceContext } from '../service-context.ts';

type Text = string | null | undefined;

/** What is left out stays as it is; null empties. */
export type PersonChanges = {
  /** Normalised. */
  email?: string | null | undefined;
  firstName?: Text;
  lastName?: Text;
  phone?: Text;
  title?: Text;
  country?: Text;
  companyId?: number | null | undefined;
  ownerId?: number | null | undefined;
  leadStatusId?: number | undefined;
  /** Name of the status, in any case. */
  leadStatus?: string | undefined;
};

/**
 * Changes a person, all of it or nothing. A status that sets a category sets it on the person's company, as
 * domain/settings/automation.ts has it. An address that a merge left to the person may become the first; the old one then takes its place.
 * @throws KildeError `not_found`; `conflict` where the address is another person's; `invalid_input` where a record that
 * is named does not exist.
 */
export async function updatePerson(
  { db, clock, settings }: ServiceContext,
  { id, changes: given }: { id: number; changes: PersonChanges },
): Promise<PersonView> {
  const changes = await withPhone({ settings }, given);
  const { email, companyId, ownerId, leadStatusId, leadStatus: statusName } = changes;
  const now = clock();
  const statusId =
    leadStatusId !== undefined
      ? sql<number>`(SELECT id FROM ${leadStatus} WHERE ${eq(leadStatus.id, leadStatusId)})`
      : statusName !== undefined
        ? idOfName(leadStatus, statusName)
        : undefined;

  const holds = {
    person: sql`EXISTS (SELECT 1 FROM person WHERE id = ${id})`,
    email: email == null ? sql`1` : not(isTaken({ email, id })),
    companyId: companyId == null ? sql`1` : sql`EXISTS (SELECT 1 FROM company WHERE id = ${companyId})`,
    ownerId: ownerId == null ? sql`1` : sql`EXISTS (SELECT 1 FROM owner WHERE id = ${ownerId})`,
    leadStatus: statusId
      ? canChoose(leadStatus, { id: statusId, current: sql`(SELECT lead_status_id FROM person WHERE id = ${id})` })
      : sql`1`,
    identity: keepsIdentity({ id, email, phone: changes.phone }),
  };
  const allHold = and(...Object.values(holds));

  const [, , , rows, checks] = await db.batch([
    // A further address of the person's own changes places with the first.
    db
      .update(personEmail)
      .set({ email: sql`(SELECT ${person.email} FROM ${person} WHERE ${eq(person.id, id)})` })
      .where(and(eq(personEmail.email, email ?? ''), eq(personEmail.personId, id), allHold)),
    db
      .update(person)
      .set({ ...toColumns(changes), ...(statusId ? { leadStatusId: statusId } : {}), updatedAt: now })
      .where(and(eq(person.id, id), allHold)),
    db.run(setCategoryOfCompany({ id, statusId: statusId ?? sql`NULL`, now, condition: allHold ?? sql`1` })),
    selectPeople(db, eq(person.id, id)),
    // Last: a batch that starts by reading could lose its place to another writer.
    db
      .select({
        person: sql<number>`${holds.person}`.as('person_holds'),
        email: sql<number>`${holds.email}`.as('email_holds'),
        companyId: sql<number>`${holds.companyId}`.as('company_holds'),
        ownerId: sql<number>`${holds.ownerId}`.as('owner_holds'),
        leadStatus: sql<number>`${holds.leadStatus}`.as('status_holds'),
        identity: sql<number>`${holds.identity}`.as('identity_holds'),
        statuses: choiceState(leadStatus, statusId ?? sql`NULL`).as('statuses'),
      })
      .from(sql`(SELECT 1)`),
  ]);
  refuse(checks[0]!, changes);
  return toPersonView(rows[0]!);
}

/** A telephone number in E.164; what is none stays as it was sent. Without a country code it is of the default site's country. */
async function withPhone(
  { settings }: Pick<ServiceContext, 'settings'>,
  changes: PersonChanges,
): Promise<PersonChanges> {
  if (changes.phone == null) return changes;
  const { defaultSite } = await readSettings({ settings });
  return {
    ...changes,
    phone: (await readPhone({ settings }, { text: changes.phone, site: defaultSite })) ?? changes.phone,
  };
}

function toColumns(changes: PersonChanges) {
  const { email, companyId, ownerId } = changes;
  const [firstName, lastName, phone, title, country] = [
    changes.firstName,
    changes.lastName,
    changes.phone,
    changes.title,
    changes.country,
  ].map((text) => (text === undefined ? undefined : cleanValue(text)));
  return {
    ...(firstName === undefined ? {} : { firstName, firstNameFold: foldText(firstName) }),
    ...(lastName === undefined ? {} : { lastName, lastNameFold: foldText(lastName) }),
    ...(phone === undefined ? {} : { phone }),
    ...(title === undefined ? {} : { title, titleFold: foldText(title) }),
    ...(country === undefined ? {} : { country }),
    ...(email === undefined ? {} : { email }),
    ...(companyId === undefined ? {} : { companyId }),
    ...(ownerId === undefined ? {} : { ownerId }),
  };
}

function isTaken({ email, id }: { email: string; id: number }): SQL {
  return sql`(EXISTS (SELECT 1 FROM person WHERE email = ${email} AND id <> ${id})
    OR EXISTS (SELECT 1 FROM person_email WHERE email = ${email} AND person_id <> ${id}))`;
}

/**
 * Gives the company that the person now works at the category that the status sets (db/fragments/automation.ts), or proposes it where
 * the category asks for a confirmation.
 */
export function setCategoryOfCompany({
  id,
  statusId,
  now,
  condition,
}: {
  id: number;
  statusId: SQL;
  now: number;
  condition: SQL;
}): SQL {
  const given = categoryOfStatus(statusId);
  return sql`INSERT INTO category_change (company_id, category_id, cause, at)
    SELECT ${company.id}, ${given}, 'leadStatusSet', ${now} FROM ${company}
    WHERE ${company.id} = (SELECT company_id FROM person WHERE id = ${id})
      AND ${statusSetsCategory({ current: company.categoryId, given })} AND ${condition}`;
}

/** Whether the person still has an e-mail address or a telephone number after the change. */
function keepsIdentity({ id, email, phone: given }: { id: number; email?: Text; phone?: Text }): SQL {
  if (email !== null && given !== null) return sql`1`;
  const address = email === undefined ? person.email : sql`${email}`;
  const phone = given === undefined ? person.phone : sql`${cleanValue(given)}`;
  return sql`(SELECT coalesce(${address}, ${phone}) IS NOT NULL FROM ${person} WHERE ${eq(person.id, id)})`;
}

type Checks = Record<'person' | 'email' | 'companyId' | 'ownerId' | 'leadStatus' | 'identity', number> & {
  statuses: string;
};

function refuse(checks: Checks, changes: PersonChanges): void {
  const { leadStatusId, leadStatus: statusName } = changes;
  if (!checks.person) throw notFound('person');
  const missing: Array<['companyId' | 'ownerId', string]> = [
    ['companyId', 'company'],
    ['ownerId', 'owner'],
  ];
  const errors: InputError[] = missing
    .filter(([field]) => !checks[field])
    .map(([field, what]) => ({
      location: `body.${field}`,
      message: noSuch(what, changes[field]),
    }));
  if (!checks.leadStatus) {
    errors.push(
      refusedChoice({
        location: leadStatusId === undefined ? 'body.leadStatus' : 'body.leadStatusId',
        what: 'lead status',
        value: String(leadStatusId ?? statusName),
        state: checks.statuses,
      }),
    );
  }
  if (!checks.identity) {
    const location = changes.email === null ? 'body.email' : 'body.phone';
    errors.push({ location, message: 'A person must keep an e-mail address or a telephone number.' });
  }
  if (errors.length > 0) throw invalidInput(errors);
  if (!checks.email) throw conflict('Another person has this e-mail address.');
}
