import * as z from 'zod';
import type { Api } from '../../http/operation.ts';
import { retained } from '../../domain/settings/retention.ts';
import { currencyCode } from '../../http/record-inputs.ts';
import { readGeneralSettings, updateGeneralSettings } from '../../services/settings/manage-settings.ts';

const days = z.int().min(1, 'must be at least 1 day').max(36_500, 'must be at most 36500 days').nullable();
const settingsShape = z.object({
  reportingCurrency: z.string().nullable(),
  retention: z.object(periods(z.number().nullable())),
  newValues: z.object({
    perSiteAndDay: z.number(),
    folded: z.array(z.object({ site: z.string(), day: z.string(), field: z.string(), count: z.number() })),
  }),
  attributionRules: z.object({ version: z.number(), readBy: z.number().nullable() }),
});

function periods<T>(shape: T) {
  return Object.fromEntries(retained.map((name) => [name, shape])) as Record<(typeof retained)[number], T>;
}

/** Settings of the installation: the currency that reports add money up in, and how many days data is kept. */
export function addSettingsRoutes(api: Api): void {
  api.define(
    { method: 'get', path: '/settings', summary: 'Shows the settings', scope: 'read', response: settingsShape },
    async ({ deps }) => readGeneralSettings(deps),
  );

  api.define(
    {
      method: 'patch',
      path: '/settings',
      summary: 'Changes the settings',
      scope: 'admin',
      body: z.strictObject({
        reportingCurrency: currencyCode.nullable().optional(),
        retention: z.strictObject(periods(days.optional())).optional(),
      }),
      response: settingsShape,
    },
    async ({ deps, body }) => updateGeneralSettings(deps, body),
  );
}
