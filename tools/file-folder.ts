import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Response } from 'miniflare';
import type { Request } from 'miniflare';

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The binding by which the Worker keeps files on this machine: a function of this process, which nothing else can call. A file stands below
 * the first two letters of its id, and is written aside first, so that there is never half of one.
 */
export function fileFolder(directory: string): (request: Request) => Promise<Response> {
  const pathOf = (id: string): string => {
    if (!idPattern.test(id)) throw new Error('A file is asked for by its id.');
    return join(directory, id.slice(0, 2), id);
  };
  return async (request) => {
    const url = new URL(request.url);
    const id = url.pathname.slice(1);
    switch (request.method) {
      case 'PUT': {
        const path = pathOf(id);
        await mkdir(join(directory, id.slice(0, 2)), { recursive: true, mode: 0o700 });
        await writeFile(`${path}.part`, new Uint8Array(await request.arrayBuffer()), { mode: 0o600 });
        await rename(`${path}.part`, path);
        return new Response(null, { status: 204 });
      }
      case 'DELETE':
        for (const one of (await request.json()) as string[]) await rm(pathOf(one), { force: true });
        return new Response(null, { status: 204 });
      default:
        return id === '' ? list({ directory, query: url.searchParams }) : give(pathOf(id));
    }
  };
}

async function give(path: string): Promise<Response> {
  const bytes = await readFile(path).catch(orNull);
  return bytes === null ? new Response(null, { status: 404 }) : new Response(bytes);
}

async function list({ directory, query }: { directory: string; query: URLSearchParams }): Promise<Response> {
  const names = (await readdir(join(directory, query.get('prefix')!)).catch(orNull)) ?? [];
  const found = await Promise.all(
    names
      .filter((name) => idPattern.test(name))
      .map(async (name) => {
        const { mtimeMs } = await stat(join(directory, name.slice(0, 2), name));
        return mtimeMs < Number(query.get('before')) ? [name] : [];
      }),
  );
  return Response.json(found.flat());
}

/** Of what is not there. */
function orNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
