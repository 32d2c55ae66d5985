import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = new URL('../src/generated/tracker.ts', import.meta.url);

/** The tracker as it is served: one minified script that leaves no name of its own behind. */
export async function buildTracker(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['tracker/k.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2018',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  return outputFiles[0]!.text.trim();
}

/** The module that holds the tracker, so that the Worker has it without a file to read. */
export function trackerModule(tracker: string): string {
  const literal = tracker.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
  return `/** Built from tracker/k.ts by tools/build-tracker.ts. */\nexport const tracker =\n  '${literal}';\n`;
}

if (import.meta.main) await writeFile(target, trackerModule(await buildTracker()));
