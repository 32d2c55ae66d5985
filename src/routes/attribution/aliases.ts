import * as z from 'zod';
import { apiNames, fieldNamed } from '../../domain/attribution/origin-field-names.ts';
import { sentFields } from '../../domain/attribution/origin-fields.ts';
import { cleanValue, maxValueLength } from '../../domain/text-values.ts';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, timeShape, undoShape } from '../../http/shapes.ts';
import { createAlias } from '../../services/attribution/create-alias.ts';
import { deleteAlias } from '../../services/attribution/delete-alias.ts';
import { aliasList, listAliases, readAlias } from '../../services/attribution/list-aliases.ts';

const fieldName = z.enum(apiNames(sentFields));

/** A value as a sender would spell it, cleaned as theirs are. */
const value = z
  .string()
  .max(maxValueLength, `must be at most ${maxValueLength} characters`)
  .transform((text, context) => {
    const cleaned = cleanValue(text);
    if (cleaned !== null) return cleaned;
    context.addIssue({ code: 'custom', message: 'must not be empty' });
    return z.NEVER;
  });

const values = z.array(value).max(100, 'must hold at most 100 values');

const aliasBody = z
  .strictObject({
    field: fieldName,
    values: z
      .preprocess((given) => (given === undefined || Array.isArray(given) ? (given ?? []) : [given]), values)
      .meta({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, maxItems: 100 }] })
      .optional()
      .describe('Spellings that count as `canonical`'),
    canonical: value,
    label: value.optional().describe('How it is shown; unset: `canonical`'),
  })
  .refine((body) => (body.values ?? []).length > 0 || body.label !== undefined, {
    path: ['values'],
    message: 'must have at least one value, unless a label is given',
  });

const aliasShape = z.object({
  id: idShape,
  field: fieldName,
  values: z.array(z.string()),
  canonical: z.string(),
  label: z.string(),
  createdAt: timeShape,
  ...undoShape,
});

/** Corrections of values: one rule, all history, and back again. */
export function addAliasRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/aliases',
      summary: 'Lists corrections',
      scope: 'read',
      list: aliasList,
      response: pageOf(aliasShape),
    },
    async ({ c, deps, query }) => answerList(c, listAliases(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/aliases',
      summary: 'Corrects spellings in all history',
      scope: 'write',
      audit: true,
      body: aliasBody,
      response: aliasShape,
      status: 201,
    },
    async ({ deps, body }) =>
      createAlias(deps, { ...body, values: body.values ?? [], field: fieldNamed(sentFields, body.field) }),
  );

  api.define(
    { method: 'get', path: '/aliases/:id', summary: 'Shows a correction', scope: 'read', response: aliasShape },
    async ({ deps, params }) => readAlias(deps, parseId(params['id'], 'alias')),
  );

  api.define(
    {
      method: 'delete',
      path: '/aliases/:id',
      summary: 'Takes a correction back',
      scope: 'write',
    },
    async ({ deps, params }) => deleteAlias(deps, parseId(params['id'], 'alias')),
  );
}
