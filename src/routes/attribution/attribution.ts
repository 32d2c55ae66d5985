import * as z from 'zod';
import { pathModels } from '../../domain/reports/models/credit-paths.ts';
import { defaultHalfLifeDays } from '../../domain/reports/models/time-decay.ts';
import { bounds, refuseBeyond } from '../../domain/bounds.ts';
import type { Api } from '../../http/operation.ts';
import { calculateAttribution } from '../../services/attribution/calculate-attribution.ts';

/** The paths and touches within the bounds fit, with names of usual length. */
const maxBodyBytes = 16 * 1024 * 1024;
/** So that no sum leaves the numbers. */
const largest = 1e15;
const count = z.number().min(0).max(largest);

const pathShape = z.strictObject({
  touches: z.array(z.string().min(1).max(255)).min(1).max(100).describe('Names of channels, oldest first'),
  conversions: count,
  value: z.number().min(-largest).max(largest).default(0).describe('Value of all together, in any unit'),
  nonConversions: count.default(0).describe('Journeys that came to nothing'),
  daysBefore: z.array(z.number().min(0).max(100_000)).optional().describe('Days from each touch to conversion'),
});

const attributionBody = z
  .strictObject({
    models: z.array(z.enum(pathModels)).min(1).max(pathModels.length),
    paths: z
      .array(pathShape)
      .min(1)
      .describe(
        `At most ${bounds.calculatorPaths.most} paths of ${bounds.calculatorTouches.most} touches together, of ${bounds.calculatorChannels.most} different channels`,
      ),
    halfLifeDays: z
      .number()
      .min(0.001)
      .max(100_000)
      .default(defaultHalfLifeDays)
      .describe('Half-life of time decay, in days'),
  })
  .superRefine(({ models, paths }, context) => {
    const needed = models.includes('timeDecay');
    for (const [i, { touches, daysBefore }] of paths.entries()) {
      const message =
        daysBefore === undefined
          ? needed && 'Time decay needs the days from each touch to the conversion.'
          : daysBefore.length !== touches.length && 'There must be as many as there are touches.';
      if (!message) continue;
      context.addIssue({ code: 'custom', path: ['paths', i, 'daysBefore'], message });
    }
  });

const creditShape = z.object({ conversions: z.number(), value: z.number() });
const markovShape = creditShape.extend({
  removalEffect: z.number().nullable().describe('Share lost without the channel'),
});

const attributionShape = z.object({
  items: z.array(
    z.object({
      channel: z.string(),
      firstTouch: creditShape.optional(),
      lastTouch: creditShape.optional(),
      linear: creditShape.optional(),
      positionBased: creditShape.optional(),
      timeDecay: creditShape.optional(),
      markov: markovShape.optional(),
      shapley: creditShape.optional(),
    }),
  ),
  totals: creditShape,
});

/** Counts what was sent before each member of it is read: that takes far longer. */
function refuseLargeBody(body: unknown): void {
  const paths = (body as { paths?: unknown } | null)?.paths;
  if (!Array.isArray(paths)) return;
  refuseBeyond('calculatorPaths', { value: paths.length, location: 'body.paths' });
  let value = 0;
  for (const path of paths as Array<{ touches?: unknown } | null>) {
    if (Array.isArray(path?.touches)) value += path.touches.length;
  }
  refuseBeyond('calculatorTouches', { value, location: 'body.paths' });
}

/** The attribution models as a calculator: nothing is read and nothing stored. */
export function addAttributionRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/attribution',
      summary: 'Credits channels of the paths sent',
      scope: 'read',
      body: attributionBody,
      maxBodyBytes,
      refuse: refuseLargeBody,
      response: attributionShape,
    },
    async ({ body }) => calculateAttribution(body),
  );
}
