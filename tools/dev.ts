import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { dataFolder, failWith } from './data-folder.ts';
import { firstLink } from './first-link.ts';
import { startKilde } from './serve.ts';

/**
 * `npm run dev`: Kilde from its sources. A change below `src/` builds the Worker again and puts it in place, a change below `app/src/` reaches the open
 * page at once (Vite), and an inspector shows the Worker. Rate limits are off. A change of `drizzle/` or `tools/` needs a new start.
 */
process.umask(0o077);
const inspectorPort = 9229;
const appPort = Number(process.env['PORT'] || 5173);
const kildePort = Number(process.env['KILDE_PORT'] || 8787);
const dataDirectory = dataFolder();
/** Vite reloads the page when this file changes: `app/vite.config.ts`. */
const reloadNote = join(dataDirectory, 'reloaded');

const kilde = await startKilde({
  dataDirectory,
  port: kildePort,
  inspectorPort,
  bindings: Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value && /^(KILDE_(?!DATA|PORT)|JOURNEY_KEYS|TURNSTILE_|PASS_THROUGH_)/.test(name) ? [[name, value]] : [],
    ),
  ),
}).catch(failWith);
await writeFile(reloadNote, '');

const vite = spawn('npm', ['run', 'dev', '--workspace', 'app', '--', '--port', String(appPort), '--strictPort'], {
  env: { ...process.env, KILDE_DEV_URL: kilde.url, KILDE_DEV_NOTE: reloadNote },
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32',
});

let isBuilding = false;
let hasChanged = false;
async function rebuild(): Promise<void> {
  hasChanged = true;
  if (isBuilding) return;
  isBuilding = true;
  while (hasChanged) {
    // An editor writes a file in several steps.
    await setTimeout(50);
    hasChanged = false;
    const start = performance.now();
    try {
      await kilde.reload();
      await writeFile(reloadNote, String(Date.now()));
      console.log(`  Worker built again in ${Math.round(performance.now() - start)} ms.`);
    } catch (error) {
      // esbuild has printed where the fault is.
      console.error(`  The Worker stays as it was: ${String(error).split('\n')[0]}`);
    }
  }
  isBuilding = false;
}

const watchers = ['src', 'assets'].map((folder) =>
  watch(folder, { recursive: true }, (_, name) => {
    // What builds write themselves.
    if (name === null || /^(app|reference|\.app-)/.test(name)) return;
    void rebuild();
  }),
);

async function stop(code: number): Promise<void> {
  for (const watcher of watchers) watcher.close();
  vite.kill();
  await kilde.close();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.removeAllListeners(signal);
  process.on(signal, () => void stop(0));
}
vite.once('exit', (code) => void stop(code ?? 1));

const appUrl = `http://127.0.0.1:${appPort}`;
await waitFor(`${appUrl}/app/`);
const { databaseUrl: url, databaseAuthToken: authToken } = kilde;
const link = await firstLink({ url, authToken, baseUrl: appUrl });
console.log(`
${link === null ? '' : `  Begin      ${link}\n`}  Web app    ${appUrl}/app/
  Worker     ${kilde.url}
  Inspector  127.0.0.1:${inspectorPort} (VS Code: "Attach to the Worker"; Chrome: chrome://inspect)
  Data       ${dataDirectory}

  Changes below src/ and app/src/ show at once. Ctrl-C stops it.`);

/** Until something answers there, for twenty seconds at most. */
async function waitFor(address: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (
      await fetch(address).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await setTimeout(100);
  }
}
