import * as z from 'zod';
import { explainLanguages } from '../../domain/attribution/explain-texts.ts';
import type { Api } from '../../http/operation.ts';
import { explanationShape } from '../../http/touch-schema.ts';
import { explainArrival } from '../../services/attribution/explain-arrival.ts';

const address = z.string().max(8_192, 'must be at most 8192 characters');
const pageAddress = address.refine(
  (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
  'must be the whole address of a page, such as https://example.com/?utm_source=linkedin',
);

const explainQuery = z.strictObject({
  u: pageAddress.describe('Address of the page'),
  r: address.optional().describe('Address of the referrer'),
  earlier: pageAddress.optional().describe('Page of an earlier arrival'),
  earlierReferrer: address.optional().describe('Referrer of the earlier arrival'),
  language: z.enum(explainLanguages).default('en').describe('Language of the texts'),
  site: z.string().max(60).optional().describe('Site whose rules hold; unset: by host'),
});

/** Why an arrival gets its origin and channel. */
export function addExplainRoute(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/explain',
      summary: 'Explains an arrival',
      scope: 'read',
      query: explainQuery,
      response: explanationShape,
    },
    async ({ deps, query }) => explainArrival(deps, query),
  );
}
