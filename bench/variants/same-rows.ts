import { createClient } from '@libsql/client/http';
import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { intakeStatement } from '../../src/db/queries/capture/store-intake.ts';
import type { Intake } from '../../src/db/queries/capture/store-intake.ts';

/**
 * Kilde's rows without its rules: a body is read, and the statement that Kilde would send for it is filled in from a template, over
 * Kilde's own schema. What this takes beyond a bare insert is the database's; what Kilde takes beyond this, its Worker's.
 */
const app = new Hono<{ Bindings: { LIBSQL_URL: string; LIBSQL_AUTH_TOKEN: string } }>();
let client: ReturnType<typeof createClient> | undefined;

const landingPage = 'https://firma.no/';
const nothing = Object.fromEntries(
  'phone title titleFold country ownerId companyGivenName companyNameKey registrationNumber consents'
    .concat(' selfReported idempotencyKey contentHash closesAfter selectionId')
    .split(' ')
    .map((name) => [name, null]),
);
const template = {
  ...nothing,
  version: 1,
  createdVia: 'form',
  firstName: 'Kari',
  firstNameFold: 'kari',
  lastName: 'Nordmann',
  lastNameFold: 'nordmann',
  leadStatusId: 1,
  categoryId: null,
  companyExplicit: 0,
  inForceLandingPage: landingPage,
  firstTouchLandingPage: landingPage,
  formId: 1,
  page: landingPage,
} as unknown as Intake;

app.post('/f/demo', async (c) => {
  client ??= createClient({
    url: c.env.LIBSQL_URL,
    authToken: c.env.LIBSQL_AUTH_TOKEN,
    intMode: 'number',
    concurrency: Infinity,
  });
  const { email, name, _page } = await c.req.json<Record<string, string>>();
  const [id, at, domain] = [uuidv7(), Date.now(), email!.slice(email!.indexOf('@') + 1)];
  const [, source, campaign] = /utm_source=(\w+).*utm_campaign=(\w+)/.exec(_page!)!;
  const key = `[1,"${source}","cpc","${campaign}",null,null,null,null,null]`;
  const { rows } = await client.execute(
    intakeStatement({
      ...template,
      id,
      at,
      now: at,
      email: email!,
      companyName: domain,
      companyNameFold: domain,
      companyDomain: domain,
      originValues: JSON.stringify([
        { field: 'source', canonical: source, label: source },
        { field: 'medium', canonical: 'cpc', label: 'cpc' },
        { field: 'campaign', canonical: campaign, label: campaign },
        { field: 'channel', canonical: 'Paid Other', label: 'Paid Other' },
        { field: 'landingPage', canonical: landingPage, label: landingPage },
      ]),
      origins: JSON.stringify([{ source, medium: 'cpc', campaign, key, siteId: 1, channel: 'Paid Other' }]),
      touches: JSON.stringify([{ at, key, landingPage }]),
      inForceKey: key,
      inForceAt: at,
      firstTouchKey: key,
      firstTouchAt: at,
      fields: JSON.stringify({ email, name }),
      contentSince: at - 30_000,
      day: new Date(at).toISOString().slice(0, 10),
    }),
  );
  return c.json({ id }, rows[0]!['submission_id'] === id ? 201 : 500);
});

export default app;
