import { eq } from 'drizzle-orm';
import { apiKeyList } from '../../db/lists/settings-lists.ts';
import { apiKey } from '../../db/schema/settings.ts';
import { invalidInput, notFound } from '../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import { randomToken } from '../../domain/random-token.ts';
import { sha256Hex } from '../../domain/sha256-hex.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { readReportDefinition } from '../reports/read-report-definition.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { apiKeyList };

type Scope = (typeof apiKey.$inferSelect)['scopes'][number];

export type ApiKeyAnswer = {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  expiresAt: string | null;
  createdAt: string;
};

const prefixLength = 12;

/** All but the hash, which stays in the database. */
const shown = {
  id: apiKey.id,
  name: apiKey.name,
  prefix: apiKey.prefix,
  scopes: apiKey.scopes,
  expiresAt: apiKey.expiresAt,
  createdAt: apiKey.createdAt,
};

function toAnswer({ id, createdAt, expiresAt, ...fields }: Omit<typeof apiKey.$inferSelect, 'hash'>): ApiKeyAnswer {
  return { id: String(id), ...fields, expiresAt: toIsoOrNull(expiresAt), createdAt: toIso(createdAt) };
}

/** API keys, the newest first. */
export function listApiKeys(context: ListContext, query: ListQuery): PreparedList<ApiKeyAnswer> {
  return prepareList(context, {
    list: apiKeyList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...shown, ...position })
        .from(apiKey)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** A link to a report is for a year at most. */
const maxLinkMs = 366 * 24 * 60 * 60 * 1000;

/**
 * Makes a key. It is in this answer and nowhere else: only its hash is kept.
 * @throws KildeError `invalid_input` where a report is not there, or a key to reports has no end within a year.
 */
export async function createApiKey(
  context: ServiceContext,
  { name, scopes, expiresAt = null }: { name: string; scopes: Scope[]; expiresAt?: number | null | undefined },
): Promise<ApiKeyAnswer & { key: string }> {
  await checkScopes(context, { scopes, expiresAt });
  const key = `kilde_${randomToken()}`;
  const [row] = await context.db
    .insert(apiKey)
    .values({
      name,
      scopes,
      expiresAt,
      hash: await sha256Hex(key),
      prefix: key.slice(0, prefixLength),
      createdAt: context.clock(),
    })
    .returning(shown);
  return { ...toAnswer(row!), key };
}

async function checkScopes(
  context: ServiceContext,
  { scopes, expiresAt }: { scopes: Scope[]; expiresAt: number | null },
): Promise<void> {
  const now = context.clock();
  const refuse = (location: string, message: string) => {
    throw invalidInput([{ location, message }]);
  };
  if (expiresAt !== null && expiresAt <= now) refuse('body.expiresAt', 'must be in the future');
  const reports = scopes.filter((scope) => scope.startsWith('report:'));
  if (reports.length === 0) return;
  if (reports.length < scopes.length) refuse('body.scopes', 'a key to reports has no other scope');
  if (expiresAt === null || expiresAt > now + maxLinkMs) {
    refuse('body.expiresAt', 'must be given for a key to a report, at most a year from now');
  }
  for (const [index, scope] of scopes.entries()) {
    await readReportDefinition(context, scope.slice('report:'.length)).catch(() =>
      refuse(`body.scopes[${index}]`, `There is no report "${scope.slice('report:'.length, 100)}".`),
    );
  }
}

/** Revokes a key. @throws KildeError `not_found`. */
export async function deleteApiKey(context: ServiceContext, id: number): Promise<void> {
  const deleted = await context.db.delete(apiKey).where(eq(apiKey.id, id)).returning({ id: apiKey.id });
  if (deleted.length === 0) throw notFound('API key');
}
