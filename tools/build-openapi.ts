import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi } from '../src/api.ts';
import { createAuth } from '../src/auth.ts';
import type { Deps } from '../src/http/deps.ts';
import { describeApi } from './openapi/describe-api.ts';
import { describeParts } from './openapi/describe-parts.ts';

// Describes the operations that the router is made of. Nothing is called, so nothing is depended on. Writes the files that the API answers,
// or with the path of a file the whole API into that one, for packages/client.
const operations = [createApi, createAuth].flatMap((create) => create({} as Deps).operations);
const [whole] = process.argv.slice(2);
const assets = join(import.meta.dirname, '../assets');
const files: Array<[path: string, description: object]> = whole
  ? [[whole, describeApi(operations)]]
  : Object.entries(describeParts(operations)).map(([name, description]) => [join(assets, name), description]);
for (const [path, description] of files) {
  const text = `${JSON.stringify(description)}\n`;
  await writeFile(path, text);
  console.log(`${path.split(/[\\/]/).at(-1)}: ${text.length} bytes`);
}
