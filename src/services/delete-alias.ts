import { eq } from 'drizzle-orm';
import { deleteAlias as deleteStatements, writeAliases } from '../db/queries/aliases.ts';
import { alias } from '../db/schema/origins.ts';
import type { SentField } from '../domain/attribution/origin-fields.ts';
import { notFound } from '../domain/errors.ts';
import { changedValues, scopeOf } from './create-alias.ts';
import { changeOriginRules } from './reclassify-origins.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Takes a correction back, in all history at once: its spellings, and those that came to its target through one of
 * them, count again as what they did without it. One that only has a label has no spellings.
 * @throws KildeError `not_found`.
 */
export async function deleteAlias(context: ServiceContext, id: number): Promise<void> {
  const { db } = context;
  const rules = db.select({ field: alias.field, to: alias.toCanonical }).from(alias).where(eq(alias.id, id));
  const [rule] = await rules;
  if (!rule) throw notFound('alias');
  const { to } = rule;
  const field = rule.field as SentField;
  await changeOriginRules(context, (now) => {
    const { version } = now;
    const aliases = now.aliases.filter(({ aliasId }) => aliasId !== id);
    const changes = changedValues({ field, before: now.aliases, after: aliases });
    return {
      aliases,
      sites: now.sites,
      scope: scopeOf({ field, changes }),
      statements: [...deleteStatements(db, { id, field, to, version }), writeAliases(db, { field, changes, version })],
      result: () => undefined,
    };
  });
}
