import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { buildApp } from '../../tools/build-app.ts';

/** The web app and the reference page are part of what is served: of the same sources they are there already. */
export default async function buildPages(): Promise<void> {
  await Promise.all([buildApp(), promisify(execFile)(process.execPath, ['tools/build-reference.ts'])]);
}
