import * as z from 'zod';
import type { Api } from '../http/operation.ts';
import { currencyCode } from '../http/record-inputs.ts';
import { readGeneralSettings, updateGeneralSettings } from '../services/manage-settings.ts';

const settingsShape = z.object({ reportingCurrency: z.string().nullable() });

/** Settings of the installation: the currency that reports add money up in. */
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
      body: z.strictObject({ reportingCurrency: currencyCode.nullable().optional() }),
      response: settingsShape,
    },
    async ({ deps, body }) => updateGeneralSettings(deps, body),
  );
}
