import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = join(import.meta.dirname, '../assets/reference');
const sources = join(import.meta.dirname, 'reference');

/**
 * Puts the page of `/reference` beside the other assets: Scalar's modules as they are published, below a folder of their version, and the
 * page that loads them. They are not in the repository. What is there already is not copied again. Without
 * the library there is no page, and all else works.
 */
export async function buildReference(): Promise<void> {
  const library = findLibrary();
  if (library === null) {
    console.warn('@scalar/api-reference is not installed, so there is no page at /reference: run npm install.');
    return;
  }
  const { version } = JSON.parse(await readFile(join(library, '../../package.json'), 'utf8')) as { version: string };
  const folder = join(target, version);
  const page = (await readFile(join(sources, 'page.html'), 'utf8')).replaceAll('VERSION', version);
  const known = await readFile(join(target, 'page.html'), 'utf8').catch(() => '');
  if (known !== page) {
    await rm(target, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await cp(join(library, 'chunks'), join(folder, 'chunks'), { recursive: true, filter: isNoMap });
    await cp(join(library, 'standalone.esm.js'), join(folder, 'standalone.esm.js'));
  }
  for (const name of ['page.js', 'page.css']) await cp(join(sources, name), join(folder, name));
  // Last: where it is, all of it is.
  await writeFile(join(target, 'page.html'), page);
}

function findLibrary(): string | null {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('@scalar/api-reference'))), 'browser');
  } catch {
    return null;
  }
}

const isNoMap = (path: string): boolean => !basename(path).endsWith('.map');

if (import.meta.main) await buildReference();
