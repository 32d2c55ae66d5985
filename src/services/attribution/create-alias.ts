import { sql } from 'drizzle-orm';
import { ensureTarget, insertAlias, writeAliases } from '../../db/queries/attribution/aliases.ts';
import type { AliasChange } from '../../db/queries/attribution/aliases.ts';
import { versionHolds } from '../../db/queries/settings/bump-settings.ts';
import { isChannelField } from '../../db/queries/attribution/origin-rules.ts';
import type { OriginScope } from '../../db/queries/attribution/origin-rules.ts';
import { AliasMap } from '../../domain/attribution/alias-rules.ts';
import type { AliasRule } from '../../domain/attribution/alias-rules.ts';
import { originFields } from '../../domain/attribution/origin-fields.ts';
import type { SentField } from '../../domain/attribution/origin-fields.ts';
import { canonicalize } from '../../domain/text-values.ts';
import { toStoredHost } from '../../domain/hosts/shown-hosts.ts';
import { conflict, KildeError } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import { undoTerms } from '../../domain/undo-terms.ts';
import { noteChange, todayOf } from '../note-changes.ts';
import type { AliasAnswer } from './list-aliases.ts';
import { changeOriginRules } from './reclassify-origins.ts';
import type { ServiceContext } from '../service-context.ts';

/** A correction as asked for: spellings, cleaned. */
export type AliasInput = { field: SentField; values: string[]; canonical: string; label?: string | undefined };

/**
 * Makes some spellings count as another value, in all history at once: one row for each value seen, and one for each
 * origin that gets another channel by it.
 * Spellings of the target itself are left out; where no others are given, only the label changes.
 * @throws KildeError `conflict` where a spelling is corrected already, or the target in the end counts as one of the spellings.
 */
export async function createAlias(
  context: ServiceContext,
  { field, values, canonical: shown, label = shown }: AliasInput,
): Promise<AliasAnswer> {
  const target = canonicalize(shown);
  const spellings = [...new Set(values.flatMap((value) => [canonicalize(value), toStoredHost(canonicalize(value))]))];

  // `Linkedin` is `linkedin` already: only how it is shown changes.
  const canonicals = [...new Set(spellings)].filter((one) => one !== target);

  return changeOriginRules(context, (now) => {
    const { version } = now;
    const before = new AliasMap(now.aliases);
    refuseConflicts({ field, spellings, target, before });
    const aliases = [...now.aliases, ...canonicals.map((one) => ({ field, from: one, to: target }))];
    const at = context.clock();
    const finalTarget = before.resolve(field, target);
    const changes = changedValues({ field, before: now.aliases, after: aliases });
    const { db } = context;
    return {
      aliases,
      sites: now.sites,
      scope: scopeOf({ field, changes }),
      statements: [
        ensureTarget(db, {
          field,
          canonical: target,
          label: shown,
          countsAs: finalTarget === target ? null : finalTarget,
          at,
          version,
        }),
        ...insertAlias(db, { field, from: canonicals, to: target, label, at, version }),
        writeAliases(db, { field, changes, version }),
        noteChange(db, {
          ...todayOf(now.sites, { at }),
          kind: 'correctionAdded',
          values: correctionValues({ field, spellings: canonicals, canonical: finalTarget }),
          text: `Correction of ${originFields[field].name}: ${quoteSome(canonicals)} ${canonicals.length === 1 ? 'counts' : 'count'} as “${finalTarget}”.`,
          where: canonicals.length === 0 ? sql`0` : versionHolds(version),
        }),
      ],
      result: ([, inserted]) => {
        const { id } = (inserted as Array<{ id: number }>)[0]!;
        return {
          id: String(id),
          field: originFields[field].name,
          values: canonicals,
          canonical: finalTarget,
          label,
          createdAt: toIso(at),
          ...undoTerms('alias', at),
        };
      },
    };
  });
}

const maxNamed = 5;
const maxQuotedLength = 60;

/** The first of some values, for people. */
export function quoteSome(values: readonly string[]): string {
  const named = values.slice(0, maxNamed).map((one) => `“${one.slice(0, maxQuotedLength)}”`);
  const more = values.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The same as values: at most as many spellings, with the number of all. */
export function correctionValues(correction: { field: SentField; spellings: readonly string[]; canonical: string }) {
  const { field, spellings, canonical } = correction;
  const shown = spellings.slice(0, maxNamed).map((one) => one.slice(0, maxQuotedLength));
  return { field: originFields[field].name, values: shown, count: spellings.length, canonical };
}

function refuseConflicts({
  field,
  spellings,
  target,
  before,
}: {
  field: SentField;
  spellings: string[];
  target: string;
  before: AliasMap;
}): void {
  const taken = spellings.flatMap((one, index) => {
    const to = one === target ? undefined : before.directTarget(field, one);
    return to === undefined ? [] : [{ location: `body.values[${index}]`, message: `counts as '${to}' already` }];
  });
  if (taken.length > 0) {
    throw new KildeError('conflict', 'Delete the earlier correction of these values first.', taken);
  }
  const circle = before.path(field, target).find((one) => one !== target && spellings.includes(one));
  if (circle !== undefined) throw conflict(`'${target}' itself counts as '${circle}'. That would be a circle.`);
}

/** The values of a field that count as another one by the rules after than by those before. */
export function changedValues({
  field,
  before,
  after,
}: {
  field: SentField;
  before: readonly AliasRule[];
  after: readonly AliasRule[];
}): AliasChange[] {
  const [old, next] = [new AliasMap(before), new AliasMap(after)];
  const values = new Set([...before, ...after].filter((rule) => rule.field === field).map((rule) => rule.from));
  return [...values]
    .filter((value) => old.resolve(field, value) !== next.resolve(field, value))
    .map((value) => {
      const countsAs = next.resolve(field, value);
      return { canonical: value, countsAs: countsAs === value ? null : countsAs };
    });
}

/** Channels go by some of the fields alone. */
export function scopeOf({ field, changes }: { field: SentField; changes: AliasChange[] }): OriginScope | null {
  if (!isChannelField(field) || changes.length === 0) return null;
  return { field, canonicals: changes.map(({ canonical }) => canonical) };
}
