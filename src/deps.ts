import { uuidv7 } from 'uuidv7';
import { parseConfig } from './config.ts';
import type { Config, Env } from './config.ts';
import { openDatabase } from './db/client.ts';
import type { VisitBatch } from './domain/attribution/visit-batch.ts';
import type { Deps } from './http/deps.ts';
import { createJourneySigner } from './http/journey-token.ts';
import { CaptureSettings } from './services/capture-settings.ts';
import type { ReadAsset } from './services/capture-settings.ts';
import { tableLoader } from './services/capture/load-tables.ts';
import type { countVisits } from './services/capture/count-visits.ts';
import type { FileBindings, OpenFileStore } from './services/capture/files/file-store.ts';
import type { SendSubmission } from './services/capture/queue-submission.ts';
import type { SendMail } from './services/deliveries/send-mail.ts';
import { VisitBuffer } from './services/capture/visit-buffer.ts';

/** The real parts, from the environment. Tests give a clock, a fetch or an environment of their own. */
export function createDeps(
  env: Env,
  {
    clock = Date.now,
    fetch = (...args) => globalThis.fetch(...args),
    wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  }: { clock?: () => number; fetch?: typeof globalThis.fetch; wait?: (milliseconds: number) => Promise<void> } = {},
): Deps {
  const config = parseConfig(env);
  const db = openDatabase({ config, fetch });
  const fetchAsset = async (path: string) => env.ASSETS.fetch(`https://assets.invalid${path}`);
  const readAsset = readAssetsBy(fetchAsset);
  const settings = new CaptureSettings({ db, clock, readAsset });
  return {
    config,
    db,
    clock,
    fetch: env.PUBLIC ? (...args) => env.PUBLIC!.fetch(...args) : fetch,
    fetchNear: fetch,
    fetchSite: env.SITE ? (...args) => env.SITE!.fetch(...args) : null,
    newId: uuidv7,
    settings,
    signer: createJourneySigner(config.journeySecrets),
    visits: new VisitBuffer({ send: sendVisitsBy(env, { db, config, clock, settings }), wait, clock, newId: uuidv7 }),
    sendSubmission: submissionsBy(env),
    wait,
    abortAfter: (milliseconds) => AbortSignal.timeout(milliseconds),
    files: filesBy(env),
    limits: {
      addresses: env.ADDRESS_LIMIT ?? null,
      forms: env.FORM_LIMIT ?? null,
      failedKeys: env.FAILED_KEY_LIMIT ?? null,
    },
    sendMail: mailBy(env, config),
    readAsset,
    fetchAsset,
    loadTables: tableLoader(readAsset),
  };
}

/** By the queue where there is one. Where it takes none they are counted at once: if it took them after all, the batch's id tells. */
function sendVisitsBy(
  { VISITS }: Pick<Env, 'VISITS'>,
  context: Parameters<typeof countVisits>[0],
): (batch: VisitBatch) => Promise<unknown> {
  // Loaded where the queue does not take them.
  const count = async (batch: VisitBatch) =>
    (await import('./services/capture/count-visits.ts')).countVisits(context, { batches: [batch] });
  return async (batch) =>
    VISITS ? VISITS.send(batch, { contentType: 'json' }).catch(() => count(batch)) : count(batch);
}

function submissionsBy({ SUBMISSIONS }: Pick<Env, 'SUBMISSIONS'>): SendSubmission | null {
  if (!SUBMISSIONS) return null;
  return async (message) => {
    await SUBMISSIONS.send(message, { contentType: 'json' });
  };
}

/** Loaded when a file comes. */
function filesBy(env: FileBindings): OpenFileStore {
  if (!env.FILES && !env.FILE_FOLDER) return null;
  return async () => (await import('./services/capture/files/open-file-store.ts')).openFileStore(env);
}

/** Mail needs a binding and an address to be from. */
function mailBy(
  { EMAIL, MAILER }: Pick<Env, 'EMAIL' | 'MAILER'>,
  { mailFrom: from }: Pick<Config, 'mailFrom'>,
): SendMail | null {
  if (!from) return null;
  if (MAILER)
    return async (message) =>
      (await import('./services/deliveries/send-by-mailer.ts')).sendByMailer({ MAILER, from, message });
  if (!EMAIL) return null;
  return async (message) => {
    await EMAIL.send({ ...message, from });
  };
}

function readAssetsBy(fetchAsset: Deps['fetchAsset']): ReadAsset {
  return async (path) => {
    const response = await fetchAsset(path);
    if (!response.ok) throw new Error(`The asset ${path} is missing: it is part of what is deployed.`);
    return response.text();
  };
}
