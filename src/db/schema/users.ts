import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { LinkPurpose, Role } from '../../domain/users/roles.ts';
import { owner } from './people.ts';

/** Who signs in to the web app. */
export const user = sqliteTable('user', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  /** As `normalizeEmail` writes it: lower case, so that no two differ by case alone. */
  email: text('email').notNull().unique(),
  role: text('role').$type<Role>().notNull(),
  /** The language of the web app; null: the browser's. */
  language: text('language', { enum: ['en', 'no'] }),
  /** The owner that records name for this user. */
  ownerId: integer('owner_id').references(() => owner.id, { onDelete: 'set null' }),
  /** From then on the user cannot sign in, and no session holds. */
  disabledAt: integer('disabled_at'),
  createdAt: integer('created_at').notNull(),
});

export const userPassword = sqliteTable('user_password', {
  userId: integer('user_id')
    .primaryKey()
    .references(() => user.id, { onDelete: 'cascade' }),
  /** With the work it took: `scrypt$N$r$p$salt$key` (services/users/passwords.ts). */
  hash: text('hash').notNull(),
  changedAt: integer('changed_at').notNull(),
});

/** Who a user is at an OpenID Connect provider: the issuer's address and its name for the user. */
export const userIdentity = sqliteTable(
  'user_identity',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    userId: integer('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.issuer, table.subject] }),
    // Deleting a user.
    index('user_identity_user').on(table.userId),
  ],
);

/** A browser that is signed in. One that ends is deleted. */
export const session = sqliteTable(
  'session',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    /** SHA-256 of the token in the cookie, hex. Every request by cookie finds its session by it. */
    hash: text('hash').notNull().unique(),
    /** Browser and system in words, from the User-Agent header, which is not stored. */
    device: text('device').notNull(),
    createdAt: integer('created_at').notNull(),
    /** To the hour at most. */
    seenAt: integer('seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    // The sessions of a user: listed, ended together, deleted with the user.
    index('session_user').on(table.userId),
    // Those that have expired, deleted whenever somebody signs in.
    index('session_expires').on(table.expiresAt),
  ],
);

/** A link that can be used once: an invitation, a recovery of a password, or the first administrator. */
export const oneTimeLink = sqliteTable(
  'one_time_link',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    purpose: text('purpose').$type<LinkPurpose>().notNull(),
    /** SHA-256 of the token that was shown, hex; null where the link is sent by mail alone. */
    hash: text('hash').unique(),
    /** The same of the token in the mail, which is made when the mail is sent. */
    mailedHash: text('mailed_hash').unique(),
    /** Who is invited; null in the first administrator's. */
    email: text('email'),
    /** The role of whoever is invited. */
    role: text('role').$type<Role>(),
    /** Whose password is recovered. */
    userId: integer('user_id').references(() => user.id, { onDelete: 'cascade' }),
    /** Kilde's own address when the link was asked for: the mail leads there. */
    baseUrl: text('base_url'),
    language: text('language', { enum: ['en', 'no'] }),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [
    // Invitations of one address, and a new one in place of the last.
    index('one_time_link_email').on(table.email),
    // Deleting a user.
    index('one_time_link_user').on(table.userId),
  ],
);

/** An OpenID Connect provider that an administrator has set up. */
export const signInProvider = sqliteTable('sign_in_provider', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull().unique(),
  /** Its address, exactly as it names itself. */
  issuer: text('issuer').notNull(),
  clientId: text('client_id').notNull(),
  /** Null of a public client. It is written and never read by the API. */
  clientSecret: text('client_secret'),
  /** Whoever has a verified address of one of these becomes a user at the first sign-in. */
  allowedDomains: text('allowed_domains', { mode: 'json' }).$type<string[]>().notNull(),
  defaultRole: text('default_role').$type<Role>().notNull(),
  createdAt: integer('created_at').notNull(),
});
