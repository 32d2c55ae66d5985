import * as z from 'zod';
import { answerList } from '../../http/answer-list.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { currencyCode, dayText } from '../../http/record-inputs.ts';
import { idShape } from '../../http/shapes.ts';
import {
  deleteExchangeRate,
  exchangeRateList,
  idOfRate,
  listExchangeRates,
  putExchangeRates,
  readExchangeRate,
} from '../../services/reports/manage-exchange-rates.ts';

const maxRates = 1_000;

const rateProblem = 'must be a number, or a decimal string such as "11.4235", above 0 and at most 1000000000000';

const rateValue = z
  .union([z.number(), z.string().regex(/^\d{1,15}(\.\d{1,20})?$/, rateProblem)], rateProblem)
  .transform(Number)
  .refine((rate) => rate > 0 && rate <= 1e12, rateProblem);

/** A rate may be sent as GET shows it: its id says nothing that the currencies and the day do not. */
const givenRate = z
  .strictObject({
    id: z.string().optional().describe('As GET shows it'),
    day: dayText,
    base: currencyCode,
    quote: currencyCode,
    rate: rateValue,
  })
  .superRefine((rate, context) => {
    if (rate.id === undefined || rate.id === idOfRate(rate)) return;
    const message = `'${rate.id}' is not the id of this rate: it is ${idOfRate(rate)}. It cannot be changed.`;
    context.addIssue({ code: 'custom', path: ['id'], message });
  })
  .transform(({ id: _id, ...rate }) => rate);
const rateShape = z.object({ id: idShape, day: z.string(), base: z.string(), quote: z.string(), rate: z.number() });

/** Dated exchange rates, by which reports add up money of several currencies. */
export function addExchangeRateRoutes(api: Api): void {
  api.define(
    {
      method: 'put',
      path: '/exchange-rates',
      summary: `Stores up to ${maxRates} rates, all or none`,
      scope: 'write',
      body: z.strictObject({ items: z.array(givenRate).max(maxRates, `must hold at most ${maxRates} rates`) }),
      response: z.object({ items: z.array(rateShape.extend({ created: z.boolean() })) }),
    },
    async ({ deps, body }) => ({ items: await putExchangeRates(deps, { rates: body.items }) }),
  );

  api.define(
    {
      method: 'get',
      path: '/exchange-rates',
      summary: 'Lists rates',
      scope: 'read',
      list: exchangeRateList,
      response: pageOf(rateShape),
    },
    async ({ c, deps, query }) => answerList(c, listExchangeRates(deps, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/exchange-rates/:base/:quote/:day',
      summary: 'Shows a rate',
      scope: 'read',
      response: rateShape,
    },
    async ({ deps, params }) =>
      readExchangeRate(deps, { base: params['base']!, quote: params['quote']!, day: params['day']! }),
  );

  api.define(
    {
      method: 'delete',
      path: '/exchange-rates/:base/:quote/:day',
      summary: 'Deletes a rate',
      scope: 'write',
      status: 204,
    },
    async ({ deps, params }) =>
      deleteExchangeRate(deps, { base: params['base']!, quote: params['quote']!, day: params['day']! }),
  );
}
