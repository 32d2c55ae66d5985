import { sql } from 'drizzle-orm';
import { roles } from '../../domain/users/roles.ts';
import { owner } from '../schema/people.ts';
import { oneTimeLink, session, signInProvider, user } from '../schema/users.ts';
import { namedRecords } from '../segments/named-records.ts';
import { defineList, listField } from './declare-list.ts';

const email = ['E-mail', 'E-post'] as const;
const role = ['Role', 'Rolle'] as const;
const language = ['Language', 'Språk'] as const;
const created = ['Created', 'Opprettet'] as const;

/** When a user was last seen where they are signed in now; null: signed in nowhere. */
export const userSeenAt = sql<
  number | null
>`(SELECT max(seen_at) FROM ${session} WHERE ${session.userId} = ${user.id})`;

export const userList = defineList({
  name: 'users',
  from: sql`${user} LEFT JOIN ${owner} ON ${owner.id} = ${user.ownerId}`,
  key: user.id,
  fields: [
    listField.id(user.id),
    listField.text('name', ['Name', 'Navn'], user.name),
    listField.text('email', email, user.email),
    listField.choice('role', role, user.role, roles),
    listField.choice('language', language, user.language, ['en', 'no']),
    listField.reference('owner', ['Owner', 'Eier'], {
      records: namedRecords.owner,
      id: user.ownerId,
      name: sql`${owner.name}`,
    }),
    listField.moment('disabledAt', ['Disabled', 'Deaktivert'], user.disabledAt),
    listField.moment('seenAt', ['Last seen', 'Sist sett'], userSeenAt),
    listField.moment('createdAt', created, user.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

/** Those that were accepted are users. */
export const isInvitation = sql`${oneTimeLink.purpose} = 'invitation' AND ${oneTimeLink.usedAt} IS NULL`;

export const invitationList = defineList({
  name: 'invitations',
  from: sql`${oneTimeLink}`,
  key: oneTimeLink.id,
  fields: [
    listField.id(oneTimeLink.id),
    listField.text('email', email, sql`${oneTimeLink.email}`),
    listField.choice('role', role, oneTimeLink.role, roles),
    listField.choice('language', language, oneTimeLink.language, ['en', 'no']),
    listField.boolean('mailed', ['Sent by mail', 'Sendt på e-post'], sql`(${oneTimeLink.baseUrl} IS NOT NULL)`),
    listField.moment('createdAt', created, oneTimeLink.createdAt),
    listField.moment('expiresAt', ['Expires', 'Utløper'], oneTimeLink.expiresAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

export const providerList = defineList({
  name: 'sign-in-providers',
  from: sql`${signInProvider}`,
  key: signInProvider.id,
  fields: [
    listField.id(signInProvider.id),
    listField.text('name', ['Name', 'Navn'], signInProvider.name),
    listField.text('issuer', ['Issuer', 'Utsteder'], signInProvider.issuer),
    listField.text('clientId', ['Client id', 'Klient-ID'], signInProvider.clientId),
    listField.boolean(
      'hasClientSecret',
      ['Has a client secret', 'Har klienthemmelighet'],
      sql`(${signInProvider.clientSecret} IS NOT NULL)`,
    ),
    listField.choices('allowedDomains', ['Allowed domains', 'Tillatte domener'], signInProvider.allowedDomains, null),
    listField.choice('defaultRole', ['Role of new users', 'Rolle for nye brukere'], signInProvider.defaultRole, roles),
    listField.moment('createdAt', created, signInProvider.createdAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});
