import * as z from 'zod';
import { explainLanguages } from '../domain/attribution/explain-texts.ts';
import { evidenceUses, originRules, passedOverReasons } from '../domain/attribution/explain.ts';
import { recordByName } from '../domain/attribution/origin-field-names.ts';
import { sentFields } from '../domain/attribution/origin-fields.ts';
import type { Api } from '../http/operation.ts';
import { touchSchema } from '../http/touch-schema.ts';
import { explainArrival } from '../services/explain-arrival.ts';

const address = z.string().max(8_192, 'must be at most 8192 characters');
const pageAddress = address.refine(
  (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
  'must be the whole address of a page, such as https://example.com/?utm_source=linkedin',
);

const explainQuery = z.strictObject({
  u: pageAddress.describe('Address of the page arrived at, query and fragment included'),
  r: address.optional().describe('Address of the referrer'),
  earlier: pageAddress
    .optional()
    .describe('Address of the page of an earlier arrival: whether `u` shows part of the same click'),
  earlierReferrer: address.optional().describe('Address of the referrer of the earlier arrival'),
  language: z.enum(explainLanguages).default('en').describe('Language of the texts'),
  site: z.string().max(60).optional().describe('Id of the site whose rules hold; else by the host of the page'),
});

const value = z.string().nullable();
const text = z.string();
const kind = z.enum(['utm', 'clickId', 'referrer', 'page']);

const explanationShape = z.object({
  site: z.string(),
  language: z.enum(explainLanguages),
  origin: touchSchema.omit({ at: true }),
  canonical: z.object(recordByName(sentFields, () => value)),
  channel: z.string(),
  rules: z.object({
    origin: z.object({ rule: z.enum(originRules), source: value, medium: value, text }),
    channel: z.object({ from: z.enum(['site', 'default']), row: z.number().int(), when: z.string(), text }),
  }),
  evidence: z.array(z.object({ evidence: kind, name: z.string(), value: z.string(), use: z.enum(evidenceUses), text })),
  passedOver: z.array(
    z.object({ evidence: kind, name: z.string(), value: z.string(), reason: z.enum(passedOverReasons), text }),
  ),
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
