import { endMoment } from '../../../domain/when.ts';
import type { When } from '../../../domain/when.ts';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { formList } from '../../../db/lists/capture-lists.ts';
import type { RecordsOfPage } from '../../../db/lists/place-in-list.ts';
import type { FormRow } from '../../../db/queries/capture/capture-settings.ts';
import { canChoose, choiceState } from '../../../db/fragments/choices.ts';
import { form } from '../../../db/schema/forms.ts';
import { category, selection } from '../../../db/schema/people.ts';
import { site } from '../../../db/schema/settings.ts';
import type { InputError } from '../../../domain/errors.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../../domain/iso-time.ts';
import type { ListQuery } from '../../../domain/lists/list-info.ts';
import { randomKey } from '../../../domain/random-key.ts';
import type { Config } from '../../../config.ts';
import { findSite } from '../../capture-settings.ts';
import { noteFormState, readToday } from '../../note-changes.ts';
import { changeSettings, readSettings } from '../../change-settings.ts';
import { isEmpty } from '../../changes.ts';
import type { Changes } from '../../changes.ts';
import { clearReceivers } from '../../deliveries/clear-receivers.ts';
import type { Viewer } from '../../deliveries/targets/define-target.ts';
import { addressErrors, addressesOf, newSecretsOf, readGivenTargets } from '../../deliveries/targets/given-targets.ts';
import type { NewSecret } from '../../deliveries/targets/given-targets.ts';
import { readTarget, showTarget } from '../../deliveries/targets/targets.ts';
import type { DeliveryTarget, GivenTarget } from '../../deliveries/targets/targets.ts';
import { prepareList } from '../../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../../lists/prepare-list.ts';
import { refusedChoice } from '../../refused-choice.ts';
import type { ServiceContext } from '../../service-context.ts';

export { formList };

type OwnFields = Omit<
  FormRow,
  'id' | 'key' | 'siteId' | 'defaultCategoryId' | 'selectionId' | 'createdAt' | 'deletedAt' | 'notify'
> & { notify: GivenTarget[] };

/** What can be set on a form. Times in milliseconds; the site by its key, category and selection by their ids. */
export type FormFields = OwnFields & { siteId: string; defaultCategoryId: number | null; selectionId: number | null };

type Named = { id: string; name: string };

export type FormAnswer = Omit<OwnFields, 'closesAt'> & {
  id: string;
  site: Named;
  closesAt: string | null;
  defaultCategory: Named | null;
  selection: Named | null;
  createdAt: string;
};

type ReadRow = {
  form: FormRow;
  site: { key: string; name: string };
  category: { id: number; name: string } | null;
  selection: { id: number; name: string } | null;
};

function toAnswer({ form: row, site: at, category: sets, selection: addsTo }: ReadRow, viewer: Viewer): FormAnswer {
  const {
    id: _id,
    key,
    siteId: _site,
    defaultCategoryId: _category,
    selectionId: _selection,
    deletedAt: _deleted,
    ...fields
  } = row;
  return {
    id: key,
    ...fields,
    notify: storedTargets(row).map((target) => showTarget(target, viewer)),
    consents: row.consents.map((consent) => ({ ...consent, doubleOptIn: consent.doubleOptIn ?? false })),
    site: { id: at.key, name: at.name },
    closesAt: toIsoOrNull(row.closesAt),
    defaultCategory: toNamed(sets),
    selection: toNamed(addsTo),
    createdAt: toIso(row.createdAt),
  };
}

/** Where a form's submissions are reported. Addresses of mail that were stored before there were kinds are one target. */
function storedTargets({ notify }: Pick<FormRow, 'notify'>): DeliveryTarget[] {
  const to = notify.filter((one) => typeof one === 'string');
  const targets = notify.filter((one) => typeof one !== 'string').map(readTarget);
  return to.length > 0 ? [{ kind: 'email', to }, ...targets] : targets;
}

function toNamed(row: { id: number; name: string } | null): Named | null {
  return row && { id: String(row.id), name: row.name };
}

function selectForms<More extends Partial<RecordsOfPage['position']>>(
  { db }: Pick<ServiceContext, 'db'>,
  more: More = {} as More,
) {
  return db
    .select({
      ...more,
      form,
      site: { key: site.key, name: site.name },
      category: { id: category.id, name: category.name },
      selection: { id: selection.id, name: selection.name },
    })
    .from(form)
    .innerJoin(site, eq(site.id, form.siteId))
    .leftJoin(category, eq(category.id, form.defaultCategoryId))
    .leftJoin(selection, eq(selection.id, form.selectionId));
}

const isLive = isNull(form.deletedAt);

/** Forms, the newest first. */
export function listForms(
  context: ListContext,
  { query, viewer }: { query: ListQuery; viewer: Viewer },
): PreparedList<FormAnswer> {
  return prepareList(context, {
    list: formList,
    query,
    where: isLive,
    records: ({ where, orderBy, position }) =>
      selectForms(context, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: (row) => toAnswer(row, viewer),
  });
}

/** @throws KildeError `not_found`. */
export async function readForm(
  context: ServiceContext,
  { key, viewer }: { key: string; viewer: Viewer },
): Promise<FormAnswer> {
  return toAnswer(await findForm(context, key), viewer);
}

async function findForm(context: ServiceContext, key: string): Promise<ReadRow> {
  const [row] = await selectForms(context).where(and(eq(form.key, key), isLive));
  if (!row) throw notFound('form');
  return row;
}

type WriteContext = ServiceContext & { config: Pick<Config, 'turnstileSecret' | 'privateAddresses'> };

/** A form that was just written. `secrets` are those of new webhooks, in this answer and in no other. */
export type WrittenForm = FormAnswer & { secrets?: NewSecret[] };

/**
 * The notifications that a caller sends, as they are stored.
 * @throws KildeError `invalid_input` where nothing may be sent to an address.
 */
function readNotify(
  { config }: WriteContext,
  { given, known }: { given: readonly GivenTarget[]; known: readonly DeliveryTarget[] },
): DeliveryTarget[] {
  const targets = readGivenTargets({ given, known, location: 'body.notify' });
  const errors = addressErrors({ targets, location: 'body.notify', allowPrivate: config.privateAddresses });
  if (errors.length > 0) throw invalidInput(errors);
  return targets;
}

function withSecrets(
  answer: FormAnswer,
  given: { targets: readonly DeliveryTarget[]; known: readonly DeliveryTarget[]; viewer: Viewer },
): WrittenForm {
  const secrets = newSecretsOf(given);
  return secrets.length > 0 ? { ...answer, secrets } : answer;
}

/** @throws KildeError `invalid_input` where Turnstile is asked for and no secret could check it. */
function requireTurnstileSecret({ config }: WriteContext): void {
  if (config.turnstileSecret) return;
  throw invalidInput([
    {
      location: 'body.turnstile',
      message: 'true needs the secret TURNSTILE_SECRET, which is not set on this server. Set it first, or send false.',
    },
  ]);
}

/** What a form is to be, with the day that it closes after, or the moment that it closes at. */
type GivenChanges = Omit<Changes<FormFields>, 'closesAt'> & { closesAt?: When | null | undefined };

/** The moment that a form closes at: a day means its last one, in the time zone of the form's site. */
async function closeOnDay<T extends GivenChanges>(
  context: ServiceContext,
  { key, changes: { closesAt, ...changes } }: { key?: string; changes: T },
): Promise<Omit<T, 'closesAt'> & Pick<Changes<FormFields>, 'closesAt'>> {
  if (!closesAt) return { ...changes, ...(closesAt === null ? { closesAt } : {}) };
  if ('at' in closesAt) return { ...changes, closesAt: closesAt.at };
  const site = changes.siteId ?? (key === undefined ? undefined : (await findForm(context, key)).site.key);
  const { timeZone } = findSite(await readSettings(context), { key: site });
  return { ...changes, closesAt: endMoment(closesAt, timeZone) - 1 };
}

/** @throws KildeError `invalid_input` where site, category or selection is none; `conflict` where the slug is taken. */
export async function createForm(
  context: WriteContext,
  {
    slug,
    viewer,
    notify: given,
    ...changes
  }: GivenChanges & { name: string; slug?: string | undefined; viewer: Viewer },
): Promise<WrittenForm> {
  const { db } = context;
  const targets = readNotify(context, { given: given ?? [], known: [] });
  const fields = await closeOnDay(context, { changes });
  if (fields.turnstile) requireTurnstileSecret(context);
  const key = slug ?? randomKey(10);
  const { siteId, ...columns } = await resolveReferences(context, fields);
  const [[inserted], [row]] = await changeSettings(context, [
    db
      .insert(form)
      .values({
        ...columns,
        notify: targets,
        name: fields.name,
        key,
        siteId: siteId ?? sql`(SELECT id FROM site WHERE is_default ORDER BY id LIMIT 1)`,
        createdAt: context.clock(),
      })
      .onConflictDoNothing()
      .returning({ id: form.id }),
    selectForms(context).where(eq(form.key, key)),
  ]);
  if (!inserted || !row) throw conflict(`The slug "${key}" is or was that of another form.`);
  await clearReceivers(context, addressesOf(targets));
  return withSecrets(toAnswer(row, viewer), { targets, known: [], viewer });
}

/** @throws KildeError `not_found`; `invalid_input` where site, category or selection is none. */
export async function updateForm(
  context: WriteContext,
  { key, changes: { notify: given, ...sent }, viewer }: { key: string; changes: GivenChanges; viewer: Viewer },
): Promise<WrittenForm> {
  if (isEmpty({ given, ...sent })) return readForm(context, { key, viewer });
  const changes = await closeOnDay(context, { key, changes: sent });
  // A form that has it already can be sent back as it was read, also after the secret was removed.
  if (changes.turnstile && !(await findForm(context, key)).form.turnstile) requireTurnstileSecret(context);
  const known = given ? storedTargets((await findForm(context, key)).form) : [];
  const targets = given && readNotify(context, { given, known });
  const columns = await resolveReferences(context, changes, key);
  const isThis = and(eq(form.key, key), isLive);
  const state = changes.enabled === undefined ? null : changes.enabled ? 'on' : 'off';
  const [, , [row]] = await changeSettings(context, [
    noteFormState(context.db, { ...(await readToday(context)), key, state }),
    context.db
      .update(form)
      .set({ ...columns, ...(targets ? { notify: targets } : {}) })
      .where(isThis),
    selectForms(context).where(isThis),
  ]);
  if (!row) throw notFound('form');
  if (!targets) return toAnswer(row, viewer);
  // Somebody has seen to the targets: what waits is tried at once.
  await clearReceivers(context, addressesOf(targets));
  return withSecrets(toAnswer(row, viewer), { targets, known, viewer });
}

/** Takes a form away: it is shown no more and takes nothing; its submissions stay. @throws KildeError `not_found`. */
export async function deleteForm(context: ServiceContext, key: string): Promise<void> {
  const [, deleted] = await changeSettings(context, [
    noteFormState(context.db, { ...(await readToday(context)), key, state: 'deleted' }),
    context.db
      .update(form)
      .set({ deletedAt: context.clock() })
      .where(and(eq(form.key, key), isLive))
      .returning({ id: form.id }),
  ]);
  if (deleted.length === 0) throw notFound('form');
}

/** The fields as columns. Foreign keys hold what is found here; this says which field named nothing. */
async function resolveReferences(
  { db }: ServiceContext,
  { siteId: siteKey, defaultCategoryId, selectionId, ...columns }: Omit<Changes<FormFields>, 'notify'>,
  /** Of the form that is changed: it keeps its category also where that is archived. */
  formKey = '',
) {
  const references = { defaultCategoryId, selectionId };
  if (siteKey === undefined && defaultCategoryId == null && selectionId == null) {
    return { ...columns, ...references, siteId: undefined };
  }
  const [sites, categories, selections] = await db.batch([
    db
      .select({ id: site.id })
      .from(site)
      .where(eq(site.key, siteKey ?? '')),
    db
      .select({
        canChoose: canChoose(category, {
          id: defaultCategoryId ?? 0,
          current: sql`(SELECT f.default_category_id FROM ${form} f WHERE f.key = ${formKey})`,
        }).mapWith(Boolean),
        state: choiceState(category, defaultCategoryId ?? 0),
      })
      .from(sql`(SELECT 1)`),
    db
      .select({ id: selection.id })
      .from(selection)
      .where(and(eq(selection.id, selectionId ?? 0), eq(selection.kind, 'static'), eq(selection.entity, 'person'))),
  ]);
  const errors: InputError[] = [];
  if (siteKey !== undefined && sites.length === 0)
    errors.push({ location: 'body.siteId', message: noSuch('site', siteKey) });
  if (defaultCategoryId != null && !categories[0]!.canChoose) {
    const [location, value] = ['body.defaultCategoryId', String(defaultCategoryId)];
    errors.push(refusedChoice({ location, what: 'category', value, state: categories[0]!.state }));
  }
  if (selectionId != null && selections.length === 0) {
    errors.push({ location: 'body.selectionId', message: noSuch('static selection of people', selectionId) });
  }
  if (errors.length > 0) throw invalidInput(errors);
  return { ...columns, ...references, siteId: sites[0]?.id };
}
