import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi } from '../src/api.ts';
import { createAuth } from '../src/auth.ts';
import type { Deps } from '../src/http/deps.ts';
import { describeApi } from './openapi/describe-api.ts';

// Writes assets/openapi.json from the operations that the router is made of. Nothing is called, so nothing is
// depended on.
const path = join(import.meta.dirname, '../assets/openapi.json');
const operations = [createApi, createAuth].flatMap((create) => create({} as Deps).operations);
const text = `${JSON.stringify(describeApi(operations))}\n`;
await writeFile(path, text);
console.log(`${operations.length} operations described in assets/openapi.json, ${text.length} bytes`);
