import { and, eq, sql } from 'drizzle-orm';
import { providerList } from '../../db/lists/user-lists.ts';
import { signInProvider } from '../../db/schema/users.ts';
import { conflict, invalidInput, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { addressProblem } from '../../domain/deliveries/public-address.ts';
import { toIso } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { Changes } from '../changes.ts';
import { isEmpty } from '../changes.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { providerList };

type ProviderRow = typeof signInProvider.$inferSelect;
type ProviderFields = Pick<
  ProviderRow,
  'name' | 'issuer' | 'clientId' | 'clientSecret' | 'allowedDomains' | 'defaultRole'
>;
export type ProviderAnswer = Omit<ProviderFields, 'clientSecret'> & {
  id: string;
  hasClientSecret: boolean;
  createdAt: string;
};
type WriteContext = ServiceContext & { config: { privateAddresses: boolean } };

/** All but the secret, which nobody gets back. */
const toAnswer = ({ id, createdAt, clientSecret, ...fields }: ProviderRow): ProviderAnswer => ({
  id: String(id),
  ...fields,
  hasClientSecret: clientSecret !== null,
  createdAt: toIso(createdAt),
});

const nameTaken = () => conflict('Another provider has this name.');

/** Providers of sign-in, the newest first. */
export function listProviders(context: ListContext, query: ListQuery): PreparedList<ProviderAnswer> {
  return prepareList(context, {
    list: providerList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ provider: signInProvider, ...position })
        .from(signInProvider)
        .where(where)
        .orderBy(...orderBy),
    toItem: ({ provider }) => toAnswer(provider),
  });
}

/** What the page where one signs in shows of them. */
export async function namesOfProviders({
  db,
}: Pick<ServiceContext, 'db'>): Promise<Array<{ id: string; name: string }>> {
  const rows = await db
    .select({ id: signInProvider.id, name: signInProvider.name })
    .from(signInProvider)
    .orderBy(signInProvider.id);
  return rows.map(({ id, name }) => ({ id: String(id), name }));
}

/** A provider with its secret, to sign in by. @throws KildeError `not_found`. */
export async function readProvider({ db }: Pick<ServiceContext, 'db'>, id: number): Promise<ProviderRow> {
  const [row] = await db.select().from(signInProvider).where(eq(signInProvider.id, id));
  if (!row) throw notFound('sign-in provider');
  return row;
}

/** @throws KildeError `invalid_input`; `conflict` where another provider has the name. */
export async function createProvider(
  context: WriteContext,
  fields: Changes<ProviderFields> & Pick<ProviderFields, 'name' | 'issuer' | 'clientId'>,
): Promise<ProviderAnswer> {
  await checkFields(context, fields);
  const [row] = await context.db
    .insert(signInProvider)
    .values({
      ...fields,
      allowedDomains: fields.allowedDomains ?? [],
      defaultRole: fields.defaultRole ?? 'viewer',
      createdAt: context.clock(),
    })
    .onConflictDoNothing()
    .returning();
  if (!row) throw nameTaken();
  return toAnswer(row);
}

/**
 * Changes a provider. Another issuer gets no secret that was given for the last one.
 * @throws KildeError `not_found`; `invalid_input`; `conflict` where another provider has the name.
 */
export async function updateProvider(
  context: WriteContext,
  { id, changes }: { id: number; changes: Changes<ProviderFields> },
): Promise<ProviderAnswer> {
  await checkFields(context, changes);
  const current = await readProvider(context, id);
  const { issuer = current.issuer, clientSecret, name = current.name } = changes;
  if (issuer !== current.issuer && clientSecret === undefined && current.clientSecret !== null) {
    throw invalidInput([{ location: 'body.clientSecret', message: 'must be given again for another issuer' }]);
  }
  if (isEmpty(changes)) return toAnswer(current);
  const isFree = sql`NOT EXISTS (SELECT 1 FROM ${signInProvider} other WHERE other.name = ${name} AND other.id <> ${id})`;
  const [row] = await context.db
    .update(signInProvider)
    .set(changes)
    .where(and(eq(signInProvider.id, id), isFree))
    .returning();
  if (!row) throw nameTaken();
  return toAnswer(row);
}

/** @throws KildeError `not_found`. */
export async function deleteProvider({ db }: Pick<ServiceContext, 'db'>, id: number): Promise<void> {
  const deleted = await db.delete(signInProvider).where(eq(signInProvider.id, id)).returning({ id: signInProvider.id });
  if (deleted.length === 0) throw notFound('sign-in provider');
}

/** Of a domain where anybody gets an address, anybody would get in. */
async function checkFields(
  { settings, config }: WriteContext,
  { issuer, allowedDomains = [] }: Changes<ProviderFields>,
): Promise<void> {
  const errors: InputError[] = [];
  const problem = issuer === undefined ? null : addressProblem(issuer, { allowPrivate: config.privateAddresses });
  if (problem !== null) errors.push({ location: 'body.issuer', message: problem });
  else if (issuer !== undefined && /[?#]/.test(issuer))
    errors.push({ location: 'body.issuer', message: 'must not have a query or a fragment' });
  const mail = allowedDomains.length === 0 ? null : await settings.mailDomains();
  for (const [index, domain] of allowedDomains.entries()) {
    if (mail!.isFree(domain) || mail!.isDisposable(domain))
      errors.push({ location: `body.allowedDomains[${index}]`, message: `Anybody can have an address of ${domain}.` });
  }
  if (errors.length > 0) throw invalidInput(errors);
}
