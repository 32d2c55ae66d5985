import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import { alias, aliasFrom } from '../../schema/origins.ts';
import { leadStatus } from '../../schema/people.ts';
import { form } from '../../schema/forms.ts';
import { settings, site } from '../../schema/settings.ts';

/** What capturing needs to know beside the form: small, read at once, kept in memory by `CaptureSettings`. */
export type SettingsRow = {
  version: number;
  sites: Array<typeof site.$inferSelect>;
  aliases: Array<{ field: string; from: string; to: string }>;
  defaultLeadStatus: { id: number; setsCategoryId: number | null } | null;
};

export type FormRow = typeof form.$inferSelect;

/** All capture settings and, where a key is given, that form: one round trip. */
export async function readCaptureSettings(
  db: Database,
  { formKey }: { formKey?: string } = {},
): Promise<{ settings: SettingsRow; form: FormRow | null }> {
  const [versions, sites, aliases, statuses, forms] = await db.batch([
    db.select().from(settings),
    db.select().from(site),
    db
      .select({ field: aliasFrom.field, from: aliasFrom.canonical, to: alias.toCanonical })
      .from(aliasFrom)
      .innerJoin(alias, eq(alias.id, aliasFrom.aliasId)),
    db.select().from(leadStatus).where(eq(leadStatus.isDefault, true)),
    db
      .select()
      .from(form)
      .where(and(eq(form.key, formKey ?? ''), isNull(form.deletedAt))),
  ]);
  const status = statuses[0];
  return {
    settings: {
      version: versions[0]?.version ?? 0,
      sites,
      aliases,
      defaultLeadStatus: status ? { id: status.id, setsCategoryId: status.setsCategoryId } : null,
    },
    form: forms[0] ?? null,
  };
}
