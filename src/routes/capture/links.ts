import type { Context } from 'hono';
import { renderSVG } from 'uqr';
import * as z from 'zod';
import { apiNames, fieldNamed } from '../../domain/attribution/origin-field-names.ts';
import { linkFields, linkMembers } from '../../domain/attribution/origin-fields.ts';
import { recordOf } from '../../domain/record-of.ts';
import { canonicalize, cleanValue, maxValueLength } from '../../domain/text-values.ts';
import { answerList } from '../../http/answer-list.ts';
import type { Deps } from '../../http/deps.ts';
import { parseId } from '../../http/ids.ts';
import { answerJson } from '../../http/operation.ts';
import type { Api } from '../../http/operation.ts';
import { ownUrl } from '../../http/own-address.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, namedShape, slugText, timeShape, webAddress } from '../../http/shapes.ts';
import {
  createLink,
  deleteLink,
  linkList,
  listLinks,
  readLink,
  tryLink,
  updateLink,
} from '../../services/capture/manage-links.ts';
import type { LinkAnswer } from '../../services/capture/manage-links.ts';
import { suggestValues } from '../../services/segments/suggest-values.ts';

const tooLong = `must be at most ${maxValueLength} characters`;

/** A utm value, cleaned as an arrival's is. */
const required = z
  .string()
  .max(maxValueLength, tooLong)
  .transform((text, context) => {
    const value = cleanValue(text);
    if (value !== null && canonicalize(value) !== '') return value;
    context.addIssue({ code: 'custom', message: 'must not be empty' });
    return z.NEVER;
  });

const optional = z
  .string()
  .max(maxValueLength, tooLong)
  .nullish()
  .transform((text) => cleanValue(text));

const members = Object.values(linkMembers);

const placements = z.array(required).max(50).describe('Places of the link: its `?p=`');

const newLink = z.strictObject({
  page: webAddress,
  siteId: idShape.max(60).optional(),
  ...recordOf(members, () => optional),
  source: required,
  medium: required,
  slug: slugText.optional(),
  placements: placements.optional(),
});

/** A value is left out, or said: one that is left out stays as it is. */
const changeable = z
  .string()
  .max(maxValueLength, tooLong)
  .nullable()
  .transform((text) => cleanValue(text));

const linkChanges = z.strictObject({
  page: webAddress.optional(),
  siteId: idShape.max(60).optional(),
  ...recordOf(members, () => changeable.optional()),
  source: required.optional(),
  medium: required.optional(),
  slug: slugText.optional(),
  placements: placements.optional(),
  archived: z.boolean().optional(),
});

const linkShape = z.object({
  id: idShape,
  slug: z.string(),
  site: namedShape,
  page: z.url(),
  ...recordOf(members, () => z.string().nullable()),
  source: z.string(),
  medium: z.string(),
  url: z.url(),
  shortUrl: z.url(),
  createdAt: timeShape,
  archivedAt: timeShape.nullable(),
  visits: z.number().int(),
  leads: z.number().int(),
  deals: z.number().int(),
  placements: z.array(
    z.object({ name: z.string(), visits: z.number().int(), leads: z.number().int(), deals: z.number().int() }),
  ),
});

const fieldName = z.enum(apiNames(linkFields));
const warningShape = z.object({
  field: z.union([fieldName, z.literal('slug')]).describe('slug: the short address is taken'),
  value: z.string(),
  similarTo: z.array(z.string()),
});

const checked = { channel: z.string().describe('The channel of its arrivals'), warnings: z.array(warningShape) };

/** A link as it would be stored. */
const trialShape = linkShape
  .omit({ id: true, createdAt: true, archivedAt: true, visits: true, leads: true, deals: true, placements: true })
  .extend({ slug: z.string().nullable(), shortUrl: z.url().nullable(), ...checked });

const suggestionShape = z.object({
  value: z.string(),
  label: z.string(),
  origins: z.number().int().nullable(),
  links: z.number().int(),
});

const shortUrlOf = ({ c, deps: { config }, slug }: { c: Context; deps: Deps; slug: string }): string =>
  ownUrl({ c, config }, `/l/${slug}`);

function withShortUrl<Link extends LinkAnswer>({ c, deps }: { c: Context; deps: Deps }, link: Link) {
  return { ...link, shortUrl: shortUrlOf({ c, deps, slug: link.slug }) };
}

/** The UTM builder: tagged links, their short addresses and QR codes, and what each brought. */
export function addLinkRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/links',
      summary: 'Lists links with what they brought',
      scope: 'read',
      list: linkList,
      response: pageOf(linkShape),
    },
    async ({ c, deps, query }) =>
      answerList(c, listLinks(deps, { query, shortUrlOf: (slug) => shortUrlOf({ c, deps, slug }) })),
  );

  api.define(
    {
      method: 'post',
      path: '/links',
      summary: 'Makes a tagged link',
      scope: 'write',
      body: newLink.extend({
        dryRun: z.boolean().default(false).describe('Whether to store nothing'),
      }),
      response: z.union([linkShape.extend(checked), trialShape]),
      status: 201,
    },
    async ({ c, deps, body: { dryRun, ...given } }) => {
      if (!dryRun) return withShortUrl({ c, deps }, await createLink(deps, given));
      const trial = await tryLink(deps, given);
      const shortUrl = trial.slug === null ? null : ownUrl({ c, config: deps.config }, `/l/${trial.slug}`);
      c.header('cache-control', 'no-store');
      return answerJson(c, { ...trial, shortUrl });
    },
  );

  api.define(
    {
      method: 'get',
      path: '/links/suggestions',
      summary: 'Proposes utm values in use',
      scope: 'read',
      query: z.strictObject({ field: fieldName, q: z.string().max(maxValueLength).optional() }),
      response: z.object({ items: z.array(suggestionShape) }),
    },
    async ({ deps, query }) => suggestValues(deps, { ...query, field: fieldNamed(linkFields, query.field) }),
  );

  api.define(
    { method: 'get', path: '/links/:id', summary: 'Shows a link', scope: 'read', response: linkShape },
    async ({ c, deps, params }) => withShortUrl({ c, deps }, await readLink(deps, parseId(params['id'], 'link'))),
  );

  api.define(
    {
      method: 'patch',
      path: '/links/:id',
      summary: 'Corrects an unvisited link, or archives any',
      scope: 'write',
      body: linkChanges,
      response: linkShape,
    },
    async ({ c, deps, params, body }) =>
      withShortUrl({ c, deps }, await updateLink(deps, { id: parseId(params['id'], 'link'), changes: body })),
  );

  api.define(
    { method: 'delete', path: '/links/:id', summary: 'Deletes an unvisited link', scope: 'write' },
    async ({ deps, params }) => deleteLink(deps, parseId(params['id'], 'link')),
  );

  api.define(
    {
      method: 'get',
      path: '/links/:id/qr.svg',
      summary: 'Draws the QR code of a link',
      scope: 'read',
      query: z.strictObject({ p: required.optional().describe('Place of the link') }),
      produces: 'image/svg+xml',
    },
    async ({ c, deps, params, query: { p } }) => {
      const { shortUrl } = withShortUrl({ c, deps }, await readLink(deps, parseId(params['id'], 'link')));
      return new Response(
        renderSVG(p === undefined ? shortUrl : `${shortUrl}?p=${encodeURIComponent(p)}`, { ecc: 'M', border: 4 }),
        {
          headers: { 'content-type': 'image/svg+xml', 'cache-control': 'no-store' },
        },
      );
    },
  );
}
