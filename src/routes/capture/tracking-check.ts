import * as z from 'zod';
import type { Api } from '../../http/operation.ts';
import { ownUrl } from '../../http/own-address.ts';
import { namedShape, timeShape, webAddress } from '../../http/shapes.ts';
import { checkResults, checkSteps, checkTracking } from '../../services/capture/tracking-check/check-tracking.ts';

const checkShape = z.object({
  page: z.string(),
  form: namedShape,
  site: namedShape,
  at: timeShape,
  steps: z
    .array(
      z.object({
        step: z.enum(checkSteps),
        result: z.enum(checkResults).describe('browser: only a browser can see it'),
        text: z.string().describe('What was found'),
        fix: z.string().nullable().describe('The exact text to paste'),
      }),
    )
    .describe('Up to the first that fails'),
});

/** Whether a page is tracked and its form is sent to Kilde. */
export function addTrackingCheckRoute(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/forms/:id/check',
      summary: 'Checks the tracking of a page',
      scope: 'write',
      body: z.strictObject({ page: webAddress.describe('The page that the form stands on') }),
      response: checkShape,
    },
    async ({ c, deps, params, body: { page } }) => {
      const key = params['id']!;
      const [script, form] = [
        ownUrl({ c, config: deps.config }, '/k.js'),
        ownUrl({ c, config: deps.config }, `/f/${key}`),
      ];
      return checkTracking(deps, { key, page, own: { script, form, base: script.replace(/\/k\.js$/, '') } });
    },
  );
}
