import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const outdir = 'assets/app';
/** Holds the hash of what the build was made of. */
const noteName = 'sources.txt';
const sources = ['app', 'packages/client/src/client.ts', 'src/domain/reports/statistics.ts', 'package-lock.json'];

/** Builds the web app into the assets, unless those of the same sources are there. A build is whole or not there at all. */
export async function buildApp(): Promise<void> {
  const hash = await hashSources();
  const built = await readFile(join(outdir, noteName), 'utf8').catch(() => null);
  if (built === hash) return;
  const folder = await mkdtemp(join('assets', '.app-'));
  try {
    await runVite(folder);
    await compressFiles(join(folder, 'assets'));
    // Under this name no router of assets takes it for a page of its own: the Worker writes into it.
    await rename(join(folder, 'index.html'), join(folder, 'shell.txt'));
    await writeFile(join(folder, noteName), hash);
    await rm(outdir, { recursive: true, force: true });
    // Another build of the same moment may have been quicker: it is as good.
    await rename(folder, outdir).catch(() => {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesBelow(source)) hash.update(`${file}\n`).update(await readFile(file));
  }
  return hash.digest('hex');
}

/** In order, without what is generated or installed. */
async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null);
  if (entries === null) return [path];
  const left = new Set(['node_modules', 'paraglide', 'test', 'cache']);
  const below = entries.filter(({ name }) => !left.has(name)).map(({ name }) => filesBelow(join(path, name)));
  return (await Promise.all(below)).flat().toSorted();
}

/** @throws Error with what Vite says. */
async function runVite(folder: string): Promise<void> {
  const args = ['run', 'build', '--workspace', 'app', '--', '--outDir', relative('app', folder), '--emptyOutDir'];
  // Whoever asks for the build, a test for example: it is the one that people get.
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn('npm', args, { env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
  const [said, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(`The web app could not be built.\n${said}\n${complaint}`);
}

async function compressFiles(folder: string): Promise<void> {
  const compress = promisify(gzip);
  const names = (await readdir(folder)).filter((name) => /\.(?:js|css|svg)$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      await writeFile(`${path}.gz`, await compress(await readFile(path), { level: 9 }));
    }),
  );
}
