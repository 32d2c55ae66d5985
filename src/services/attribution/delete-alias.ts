import { eq, sql } from 'drizzle-orm';
import { deleteAlias as deleteStatements, writeAliases } from '../../db/queries/attribution/aliases.ts';
import { versionHolds } from '../../db/queries/settings/bump-settings.ts';
import { alias } from '../../db/schema/origins.ts';
import { originFields } from '../../domain/attribution/origin-fields.ts';
import type { SentField } from '../../domain/attribution/origin-fields.ts';
import { notFound } from '../../domain/errors.ts';
import { noteChange, todayOf } from '../note-changes.ts';
import { changedValues, correctionValues, quoteSome, scopeOf } from './create-alias.ts';
import { changeOriginRules } from './reclassify-origins.ts';
import type { ServiceContext } from '../service-context.ts';

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
    const spellings = now.aliases.filter(({ aliasId }) => aliasId === id).map(({ from }) => from);
    const changes = changedValues({ field, before: now.aliases, after: aliases });
    return {
      aliases,
      sites: now.sites,
      scope: scopeOf({ field, changes }),
      statements: [
        ...deleteStatements(db, { id, field, to, version }),
        writeAliases(db, { field, changes, version }),
        noteChange(db, {
          ...todayOf(now.sites, { at: context.clock() }),
          kind: 'correctionDeleted',
          values: correctionValues({ field, spellings, canonical: to }),
          text: `Correction of ${originFields[field].name} deleted: ${quoteSome(spellings)} no longer ${spellings.length === 1 ? 'counts' : 'count'} as “${to}”.`,
          where: spellings.length === 0 ? sql`0` : versionHolds(version),
        }),
      ],
      result: () => undefined,
    };
  });
}
