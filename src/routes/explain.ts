import * as z from 'zod';
import type { Api } from '../http/operation.ts';
import { touchSchema } from '../http/touch-schema.ts';
import { explainArrival } from '../services/explain-arrival.ts';

const address = z.string().max(8_192);

const explainQuery = z.strictObject({
  u: address.optional().describe('Address of the page arrived at, query and fragment included'),
  r: address.optional().describe('Address of the referrer'),
  site: z.string().max(60).optional().describe('Id of the site whose rules hold; else by the host of the page'),
});

const value = z.string().nullable();

const explanationShape = z.object({
  site: z.string(),
  origin: touchSchema.omit({ at: true }),
  canonical: z.object({
    source: value,
    medium: value,
    campaign: value,
    term: value,
    content: value,
    id: value,
    referrerDomain: value,
  }),
  channel: z.string(),
  rules: z.object({
    origin: z.object({ rule: z.string(), detail: z.string() }),
    channel: z.object({ from: z.enum(['site', 'default']), row: z.number().int() }),
  }),
  passedOver: z.array(z.object({ evidence: z.string(), value: z.string(), reason: z.string() })),
});

/** Why an arrival gets its origin and channel. */
export function addExplainRoute(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/explain',
      summary: 'Explains the origin and channel of an arrival: the rule that gave each, and the evidence passed over',
      scope: 'read',
      query: explainQuery,
      response: explanationShape,
    },
    async ({ deps, query }) => explainArrival(deps, query),
  );
}
