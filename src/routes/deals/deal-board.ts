import type { Context } from 'hono';
import * as z from 'zod';
import { dealStatuses } from '../../domain/deals/deal-statuses.ts';
import { KildeError } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { parseListQuery } from '../../domain/lists/parse-list-query.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { dayOrMoment, recordText } from '../../http/record-inputs.ts';
import { segmentItem } from '../../http/segment-schema.ts';
import { idShape, idText, namedShape } from '../../http/shapes.ts';
import { columnsParameter, fieldParameter, inQuery, sortParameter } from '../../http/view-parameters.ts';
import { moveDeal } from '../../services/deals/move-deal.ts';
import { readDealBoard, readDealBoardColumn } from '../../services/selections/boards/read-deal-board.ts';
import { dealList } from '../../services/deals/read-deals.ts';
import { dealSchema } from './deals.ts';

const money = z.array(
  z.object({
    amount: z.union([z.number(), z.string()]).describe('Money in major units; text if long'),
    currency: z.string(),
  }),
);

const cardsShape = z.object({
  items: z.array(
    z.object({ id: idShape, title: z.string(), subtitle: z.string().nullable(), cardFields: segmentItem }),
  ),
  nextCursor: z.string().nullable(),
});

const sums = { count: z.number().int(), sum: money, weightedSum: money };

const boardShape = z.object({
  groupBy: z.enum(['stage', 'owner']),
  totalsBy: z.string(),
  pipeline: namedShape.nullable(),
  ...sums,
  columns: z.array(
    z.object({
      value: namedShape.nullable(),
      status: z.enum(dealStatuses).nullable(),
      probability: z.number().nullable(),
      ...sums,
      totals: z.object({ by: z.array(z.object({ value: z.string().nullable(), ...sums })) }),
      cards: cardsShape,
    }),
  ),
});

const view = {
  groupBy: z.enum(['stage', 'owner']).default('stage'),
  pipelineId: idText.optional(),
  closedFrom: dayOrMoment.optional(),
  cardFields: columnsParameter.optional(),
  sort: sortParameter.optional(),
  columnLimit: z.coerce.number().int().min(1).max(200).default(20),
};

const totals = {
  totalsBy: fieldParameter.optional(),
  top: z.coerce.number().int().min(1).max(50).default(5),
};
const ofColumn = { column: z.string().max(20).default(''), cursor: z.string().max(16_000).optional() };

/** Filters and days of a board, as `GET /deals` takes them. @throws KildeError `invalid_input`. */
function readFilters(c: Context, own: object): ListQuery {
  const names = Object.keys(own);
  const given = [...new URL(c.req.url).searchParams].filter(([name]) => !names.includes(name));
  return parseListQuery(given, { ...dealList, parameters: ['from', 'to', 'period', 'timeZone', ...names] });
}

const move = z.discriminatedUnion('field', [
  z.strictObject({
    id: idText,
    field: z.literal('stage'),
    from: idText,
    to: idText,
    closedAt: dayOrMoment.optional(),
    lostReason: recordText.optional(),
  }),
  z.strictObject({ id: idText, field: z.literal('owner'), from: idText.nullable(), to: idText.nullable() }),
]);

/** Deals as a board: by the stages of a pipeline, or by owner. */
export function addDealBoardRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/deals/board',
      summary: 'Shows deals as columns of cards',
      scope: 'read',
      query: z.strictObject(view).extend(totals).loose(),
      response: boardShape,
    },
    async ({ c, deps, actor, query: { columnLimit, top, ...shown } }) => {
      const filters = readFilters(c, { ...view, ...totals });
      return renamed(
        inQuery(readDealBoard({ ...deps, viewer: actor }, { view: { ...shown, filters }, columnLimit, top })),
      );
    },
  );

  api.define(
    {
      method: 'get',
      path: '/deals/board/cards',
      summary: 'Shows more cards of a column',
      scope: 'read',
      query: z.strictObject({ ...view, ...ofColumn }).loose(),
      response: cardsShape,
    },
    async ({ c, deps, actor, query: { columnLimit, column: value, cursor, ...shown } }) => {
      const filters = readFilters(c, { ...view, ...ofColumn });
      const column = value === '' ? null : value;
      return renamed(
        inQuery(
          readDealBoardColumn({ ...deps, viewer: actor }, { view: { ...shown, filters }, column, cursor, columnLimit }),
        ),
      );
    },
  );

  api.define(
    {
      method: 'post',
      path: '/deals/board/move',
      summary: 'Moves a deal, or 409 if moved meanwhile',
      scope: 'write',
      body: move,
      response: dealSchema,
    },
    async ({ deps, actor, body }) => renamed(moveDeal(changedBy(deps, actor), body)),
  );
}

/** Names the places of mistakes as this resource calls them: a move calls the stage and the owner `to`, a board its columns cardFields. */
async function renamed<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof KildeError) || error.errors.length === 0) throw error;
    const rename = (text: string) =>
      text.replaceAll(/\bbody\.(stage|owner)Id\b/g, 'body.to').replaceAll(/\bquery\.columns\b/g, 'query.cardFields');
    const errors = error.errors.map((one) => ({ ...one, location: rename(one.location) }));
    throw new KildeError(error.code, rename(error.message), errors);
  }
}
