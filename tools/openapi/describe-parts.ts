import type { Operation } from '../../src/http/operation.ts';
import type { Json } from './components.ts';
import { describeApi } from './describe-api.ts';

/** A description may be this long: generators, language models and people read it whole. */
export const maxBytes = 150_000;

/** Tags of the second file. Every other tag is in the first. */
const settingsTags = new Set([
  'Aliases',
  'Api keys',
  'Approvals',
  'Audit log',
  'Auth',
  'Categories',
  'Category proposals',
  'Dashboards',
  'Dead letters',
  'Deliveries',
  'Exchange rates',
  'Form statistics',
  'Forms',
  'Invitations',
  'Lead statuses',
  'Origins',
  'Owners',
  'Pipelines',
  'Quarantine',
  'Runs',
  'Schedules',
  'Settings',
  'Sign in providers',
  'Sites',
  'Spam clusters',
  'Users',
  'Webhooks',
]);

/**
 * The API in two files, by path of the asset: what programs read and write, and how an installation is set up and kept in order. Each
 * is complete in itself, so what both use stands in both.
 */
export function describeParts(operations: readonly Operation[]): Record<string, Json> {
  return {
    'openapi.json': describeApi(operations, {
      title: 'Kilde',
      pointer: 'Set-up is in openapi-settings.json: sites, forms, users, statuses, corrections, schedules, webhooks.',
      has: (tag) => !settingsTags.has(tag),
    }),
    'openapi-settings.json': describeApi(operations, {
      title: 'Kilde: set-up',
      pointer: 'Records and reports are in openapi.json.',
      has: (tag) => settingsTags.has(tag),
    }),
  };
}
