import * as z from 'zod';
import { combineOperators, selectionEntities, visibilities } from '../../domain/segments/selections.ts';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { columnsInput, criteriaInput, fieldName, segmentItem, sortInput } from '../../http/segment-schema.ts';
import { distinct, idShape, idText, namedShape, nameText, timeShape } from '../../http/shapes.ts';
import { addMembers, addMembersFound, removeMembers } from '../../services/selections/change-members.ts';
import { answerMembers, memberList } from '../../services/selections/list-members.ts';
import {
  createSelection,
  deleteSelection,
  freezeSelection,
  listSelections,
  readSelection,
  selectionList,
  updateSelection,
} from '../../services/selections/manage-selections.ts';
import { copySelection } from '../../services/selections/copy-selection.ts';
import { listSelectionsOf } from '../../services/selections/list-selections-of.ts';
import { readGrowth } from '../../services/selections/read-growth.ts';

const entity = z.enum(selectionEntities);
const kind = z.enum(['static', 'dynamic', 'combined']);

const combine = z.strictObject({
  firstId: idText,
  secondId: idText,
  op: z.enum(combineOperators).describe('exactlyOne: in either, not in both'),
});

const boardInput = z.strictObject({
  groupBy: fieldName,
  rows: fieldName.nullable().optional(),
  totalsBy: fieldName.nullable().optional(),
  cardFields: columnsInput.max(20).nullable().optional(),
  sort: sortInput.nullable().optional(),
  collapsed: z.array(z.string().max(1_000).nullable()).max(200).optional(),
});

const described = {
  description: z
    .string()
    .trim()
    .max(2_000, 'must be at most 2000 characters')
    .transform((text) => (text === '' ? null : text))
    .nullable()
    .optional(),
  ownerId: idText.nullable().optional(),
  visibility: z.enum(visibilities).optional(),
  board: boardInput.nullable().optional(),
};

const view = { columns: columnsInput.nullable().optional(), sort: sortInput.min(1).nullable().optional() };

const newSelection = z.strictObject({
  name: nameText,
  entity,
  kind: kind.default('static'),
  where: criteriaInput.optional(),
  combine: combine.optional(),
  ...described,
  ...view,
});

const changes = z.strictObject({
  name: nameText.optional(),
  where: criteriaInput.optional(),
  combine: combine.optional(),
  ...described,
  ...view,
});

const criteriaShape = z.unknown().nullable();
const combineShape = z.object({ first: namedShape, second: namedShape, op: z.enum(combineOperators) }).nullable();

const sortShape = z.array(z.object({ field: z.string(), direction: z.enum(['asc', 'desc']) }));

const selectionShape = z.object({
  id: idShape,
  name: z.string(),
  entity,
  kind,
  where: criteriaShape,
  combine: combineShape,
  description: z.string().nullable(),
  owner: namedShape.nullable(),
  visibility: z.enum(visibilities).describe('private: its maker and administrators'),
  memberCount: z.number().int().nullable().describe('Members now; null: too many'),
  columns: z.array(z.string()).nullable(),
  sort: sortShape.nullable(),
  board: z
    .object({
      groupBy: z.string(),
      rows: z.string().nullable(),
      totalsBy: z.string().nullable(),
      cardFields: z.array(z.string()).nullable(),
      sort: sortShape.nullable(),
      collapsed: z.array(z.string().nullable()),
    })
    .nullable(),
  frozenFrom: z.object({ kind, where: criteriaShape, combine: combineShape, at: timeShape.nullable() }).nullable(),
  createdAt: timeShape,
});

/** Ids of people, companies and deals are numbers, those of submissions are texts. */
const memberId = z.string().regex(/^([1-9]\d{0,14}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, 'must be an id');
const memberIds = distinct(memberId, 1_000).refine((ids) => ids.length > 0, 'must hold at least one id');

const newMembers = z
  .strictObject({ ids: memberIds.optional(), where: criteriaInput.optional() })
  .refine(({ ids, where }) => (ids === undefined) !== (where === undefined), {
    path: ['ids'],
    message: 'either ids or where must be given, and not both',
  });

const day = z.iso.date('must be a day such as 2026-09-01');

/** Selections: named sets of people or companies. */
export function addSelectionRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/selections',
      summary: 'Lists selections',
      scope: 'read',
      list: selectionList,
      response: pageOf(selectionShape),
    },
    async ({ c, deps, actor, query }) => answerList(c, listSelections({ ...deps, viewer: actor }, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/selections',
      summary: 'Makes a selection',
      scope: 'write',
      body: newSelection,
      response: selectionShape,
      status: 201,
    },
    async ({ deps, actor, body }) => createSelection({ ...deps, viewer: actor }, body),
  );

  api.define(
    { method: 'get', path: '/selections/:id', summary: 'Shows a selection', scope: 'read', response: selectionShape },
    async ({ deps, actor, params }) => readSelection({ ...deps, viewer: actor }, parseId(params['id'], 'selection')),
  );

  api.define(
    {
      method: 'patch',
      path: '/selections/:id',
      summary: 'Changes a selection',
      scope: 'write',
      body: changes,
      response: selectionShape,
    },
    async ({ deps, actor, params, body }) =>
      updateSelection({ ...deps, viewer: actor }, { id: parseId(params['id'], 'selection'), changes: body }),
  );

  api.define(
    {
      method: 'delete',
      path: '/selections/:id',
      summary: 'Deletes an unused selection',
      scope: 'write',
      status: 204,
    },
    async ({ deps, actor, params }) =>
      deleteSelection({ ...deps, viewer: actor }, { id: parseId(params['id'], 'selection') }),
  );

  api.define(
    {
      method: 'post',
      path: '/selections/:id/copy',
      summary: 'Copies a selection',
      scope: 'write',
      body: z.strictObject({ name: nameText.optional() }),
      response: selectionShape,
      status: 201,
      madeAt: '/selections',
    },
    async ({ deps, actor, params, body: { name } }) =>
      copySelection({ ...deps, viewer: actor }, { id: parseId(params['id'], 'selection'), name }),
  );

  api.define(
    {
      method: 'post',
      path: '/selections/:id/freeze',
      summary: 'Makes a selection static',
      scope: 'write',
      response: selectionShape,
    },
    async ({ deps, actor, params }) =>
      freezeSelection({ ...deps, viewer: actor }, { id: parseId(params['id'], 'selection') }),
  );

  api.define(
    {
      method: 'get',
      path: '/selections/:id/members',
      summary: 'Lists the members of a selection',
      scope: 'read',
      list: memberList,
      listByRecord: true,
      response: pageOf(segmentItem),
    },
    async ({ c, deps, actor, params, query }) => {
      const id = parseId(params['id'], 'selection');
      const given = { id, parameters: query };
      return answerMembers({ ...deps, viewer: actor }, given, async (list) => answerList(c, list));
    },
  );

  api.define(
    {
      method: 'post',
      path: '/selections/:id/members',
      summary: 'Adds members to a static selection',
      scope: 'write',
      body: newMembers,
      response: z.object({ added: z.number().int(), unknown: z.array(idShape) }),
    },
    async ({ deps, actor, params, body: { ids, where } }) => {
      const id = parseId(params['id'], 'selection');
      return ids
        ? addMembers({ ...deps, viewer: actor }, { id, ids })
        : addMembersFound({ ...deps, viewer: actor }, { id, where });
    },
  );

  api.define(
    {
      method: 'delete',
      path: '/selections/:id/members',
      summary: 'Removes members of a selection',
      scope: 'write',
      body: z.strictObject({ ids: memberIds }),
      response: z.object({ removed: z.number().int() }),
    },
    async ({ deps, actor, params, body }) =>
      removeMembers({ ...deps, viewer: actor }, { id: parseId(params['id'], 'selection'), ids: body.ids }),
  );

  api.define(
    {
      method: 'get',
      path: '/selections/:id/growth',
      summary: 'Counts members by day',
      scope: 'read',
      query: z.strictObject({ from: day.optional(), to: day.optional() }),
      response: pageOf(z.object({ day: z.iso.date(), memberCount: z.number().int() })),
    },
    async ({ deps, actor, params, query }) => {
      const items = await readGrowth({ ...deps, viewer: actor }, { id: parseId(params['id'], 'selection'), ...query });
      return { items, nextCursor: null };
    },
  );

  for (const [entityOf, path] of [
    ['person', '/people/:id/selections'],
    ['company', '/companies/:id/selections'],
    ['deal', '/deals/:id/selections'],
  ] as const) {
    api.define(
      {
        method: 'get',
        path,
        summary: `Shows selections of a ${entityOf}`,
        scope: 'read',
        response: z.object({
          items: z.array(z.object({ id: idShape, name: z.string(), kind, description: z.string().nullable() })),
        }),
      },
      async ({ deps, actor, params }) => ({
        items: await listSelectionsOf(
          { ...deps, viewer: actor },
          { entity: entityOf, id: parseId(params['id'], entityOf) },
        ),
      }),
    );
  }
}
