import { uuidv7 } from 'uuidv7';
import { parseConfig } from './config.ts';
import type { Config, Env } from './config.ts';
import { openDatabase } from './db/client.ts';
import type { Deps } from './http/deps.ts';
import { createJourneySigner } from './http/journey-token.ts';
import { CaptureSettings } from './services/capture-settings.ts';
import type { ReadAsset } from './services/capture-settings.ts';
import { tableLoader } from './services/load-tables.ts';
import type { SendMail } from './services/send-mail.ts';

/** The real parts, from the environment. Tests give a clock, a fetch or an environment of their own. */
export function createDeps(
  env: Env,
  {
    clock = Date.now,
    fetch = (...args) => globalThis.fetch(...args),
  }: { clock?: () => number; fetch?: typeof globalThis.fetch } = {},
): Deps {
  const config = parseConfig(env);
  const db = openDatabase({ config, fetch });
  const readAsset = readAssetsOf(env);
  return {
    config,
    db,
    clock,
    fetch,
    newId: uuidv7,
    settings: new CaptureSettings({ db, clock, readAsset }),
    signer: createJourneySigner(config.journeySecrets),
    sendMail: mailBy(env, config),
    readAsset,
    loadTables: tableLoader(readAsset),
  };
}

/** Mail needs the binding and an address to be from. */
function mailBy({ EMAIL }: Pick<Env, 'EMAIL'>, { mailFrom: from }: Pick<Config, 'mailFrom'>): SendMail | null {
  if (!EMAIL || !from) return null;
  return async (message) => {
    await EMAIL.send({ ...message, from });
  };
}

function readAssetsOf(env: Pick<Env, 'ASSETS'>): ReadAsset {
  return async (path) => {
    const response = await env.ASSETS.fetch(`https://assets.invalid${path}`);
    if (!response.ok) throw new Error(`The asset ${path} is missing: it is part of what is deployed.`);
    return response.text();
  };
}
