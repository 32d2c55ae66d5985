import * as z from 'zod';
import { selectionEntities } from '../../domain/segments/selections.ts';
import { parseId } from '../../http/ids.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { segmentItem } from '../../http/segment-schema.ts';
import { idShape, idText } from '../../http/shapes.ts';
import {
  columnsParameter,
  criteriaParameter,
  fieldParameter,
  inQuery,
  sortParameter,
} from '../../http/view-parameters.ts';
import { moveCard } from '../../services/selections/boards/move-card.ts';
import { readBoard, readBoardColumn } from '../../services/selections/boards/read-board.ts';

/** Major units; decimal text where a number would lose digits. */
const money = z.object({ amount: z.union([z.number(), z.string()]), currency: z.string() });

const label = z.object({ en: z.string(), no: z.string() });

const cardsShape = z.object({
  items: z.array(
    z.object({
      id: idShape,
      title: z.string(),
      subtitle: z.string().nullable(),
      subgroup: z.string().nullable(),
      cardFields: segmentItem,
    }),
  ),
  nextCursor: z.string().nullable(),
});

const counted = z.array(z.object({ value: z.string().nullable(), count: z.number().int() }));

const boardShape = z.object({
  selection: z.object({ id: idShape, name: z.string(), entity: z.enum(selectionEntities) }),
  groupBy: z.string(),
  rows: z.string().nullable(),
  totalsBy: z.string(),
  count: z.number().int(),
  columns: z.array(
    z.object({
      value: z.string().nullable(),
      label: label.nullable(),
      collapsed: z.boolean(),
      count: z.number().int(),
      subgroups: counted,
      totals: z.object({
        deals: z.array(z.object({ open: money, won: money })),
        by: counted,
      }),
      cards: cardsShape,
    }),
  ),
  columnsLeftOut: z.number().int(),
});

const view = {
  groupBy: fieldParameter.optional().describe('Field of columns; unset: as saved'),
  rows: fieldParameter.optional().describe('Second field, within columns'),
  cardFields: columnsParameter.optional(),
  sort: sortParameter.optional(),
  where: criteriaParameter.optional(),
  columnLimit: z.coerce.number().int().min(1).max(200).default(20),
};

const value = z.string().min(1).max(255).nullable();

/** A selection as a board of cards. */
export function addBoardRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/selections/:id/board',
      summary: 'Shows a selection as columns of cards',
      scope: 'read',
      query: z.strictObject({
        ...view,
        totalsBy: fieldParameter.optional(),
        top: z.coerce.number().int().min(1).max(50).default(5),
      }),
      response: boardShape,
    },
    async ({ deps, actor, params, query: { columnLimit, top, ...shown } }) =>
      inQuery(
        readBoard(
          { ...deps, viewer: actor },
          { id: parseId(params['id'], 'selection'), view: shown, columnLimit, top },
        ),
      ),
  );

  api.define(
    {
      method: 'get',
      path: '/selections/:id/board/cards',
      summary: 'Shows more cards of a column',
      scope: 'read',
      query: z.strictObject({ ...view, column: z.string().max(1_000), cursor: z.string().max(16_000).optional() }),
      response: cardsShape,
    },
    async ({ deps, actor, params, query: { columnLimit, column, cursor, ...shown } }) =>
      inQuery(
        readBoardColumn(
          { ...deps, viewer: actor },
          {
            id: parseId(params['id'], 'selection'),
            view: shown,
            column: column === '' ? null : column,
            cursor,
            columnLimit,
          },
        ),
      ),
  );

  api.define(
    {
      method: 'post',
      path: '/selections/:id/board/move',
      summary: 'Moves a card, or 409 if moved meanwhile',
      scope: 'write',
      body: z.strictObject({ id: idText, field: z.string().min(1).max(250), from: value, to: value }),
      response: z.object({ id: idShape, field: z.string(), value: z.string().nullable() }),
    },
    async ({ deps, actor, params, body }) => {
      await moveCard(
        { ...changedBy(deps, actor), viewer: actor },
        { selectionId: parseId(params['id'], 'selection'), move: body },
      );
      return { id: String(body.id), field: body.field, value: body.to };
    },
  );
}
