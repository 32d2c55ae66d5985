import * as z from 'zod';
import { channelRuleSchema } from '../../domain/attribution/channel-rule.ts';
import { answerList } from '../../http/answer-list.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { distinct, domainText, idShape, nameText, slugText, timeShape, timeZoneName } from '../../http/shapes.ts';
import {
  createSite,
  deleteSite,
  listSites,
  readSite,
  siteList,
  updateSite,
} from '../../services/settings/manage-sites.ts';

const consent = z.enum(['off', 'required']);

const countryCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, 'must be a country of two letters, such as NO');

const siteFields = {
  name: nameText,
  domains: distinct(domainText, 100).optional(),
  timeZone: timeZoneName.optional(),
  country: countryCode.nullable().optional(),
  lookBackDays: z.number().int().min(1).max(3_650).optional(),
  consent: consent.optional(),
  utmTracking: z.boolean().optional(),
  ignoredReferrers: distinct(domainText, 500).optional(),
  channelRules: z.array(channelRuleSchema).max(200).optional(),
};

const newSite = z.strictObject({ ...siteFields, slug: slugText.optional() });
const siteChanges = z.strictObject({ ...siteFields, name: nameText.optional() });

const siteShape = z.object({
  id: idShape,
  name: z.string(),
  isDefault: z.boolean(),
  domains: z.array(z.string()),
  timeZone: z.string(),
  country: z.string().nullable().describe('Of phone numbers; null: by the time zone'),
  lookBackDays: z.number().int(),
  consent,
  utmTracking: z.boolean(),
  ignoredReferrers: z.array(z.string()),
  channelRules: z.array(channelRuleSchema),
  createdAt: timeShape,
});

/** Sites: whose domains, time zone, consent and rules an arrival falls under. */
export function addSiteRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/sites',
      summary: 'Lists sites',
      scope: 'read',
      list: siteList,
      response: pageOf(siteShape),
    },
    async ({ c, deps, query }) => answerList(c, listSites(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/sites',
      summary: 'Adds a site',
      scope: 'admin',
      body: newSite,
      response: siteShape,
      status: 201,
    },
    async ({ deps, body }) => createSite(deps, body),
  );

  api.define(
    { method: 'get', path: '/sites/:id', summary: 'Shows a site', scope: 'read', response: siteShape },
    async ({ deps, params }) => readSite(deps, params['id']!),
  );

  api.define(
    {
      method: 'patch',
      path: '/sites/:id',
      summary: 'Changes a site, and channels of its history',
      scope: 'admin',
      body: siteChanges,
      response: siteShape,
    },
    async ({ deps, params, body }) => updateSite(deps, { key: params['id']!, changes: body }),
  );

  api.define(
    { method: 'delete', path: '/sites/:id', summary: 'Deletes an unused site', scope: 'admin' },
    async ({ deps, params }) => deleteSite(deps, params['id']!),
  );
}
