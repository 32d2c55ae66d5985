import type { FileBindings, FileStore } from './file-store.ts';

/** The store that is bound: R2, or the folder of the local start (tools/file-folder.ts). */
export function openFileStore({ FILES, FILE_FOLDER }: FileBindings): FileStore {
  return FILES ? storeInBucket(FILES) : storeInFolder(FILE_FOLDER!);
}

const keyStart = 'files/';
/** Deleted, or listed, at once: what R2 takes. */
const objectsAtOnce = 1_000;
const maxPages = 5;

function storeInBucket(bucket: R2Bucket): FileStore {
  return {
    async put({ id, bytes, sha256 }) {
      await bucket.put(keyStart + id, bytes, { sha256 });
    },
    async get(id) {
      return (await bucket.get(keyStart + id))?.body ?? null;
    },
    async delete(ids) {
      for (let from = 0; from < ids.length; from += objectsAtOnce)
        await bucket.delete(ids.slice(from, from + objectsAtOnce).map((id) => keyStart + id));
    },
    async list({ prefix, before }) {
      const found: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const listed = await bucket.list({ prefix: keyStart + prefix, ...(cursor === undefined ? {} : { cursor }) });
        found.push(...listed.objects.filter(({ uploaded }) => uploaded.getTime() < before).map(({ key }) => key));
        if (!listed.truncated) break;
        cursor = listed.cursor;
      }
      return found.map((key) => key.slice(keyStart.length));
    },
  };
}

function storeInFolder(folder: NonNullable<FileBindings['FILE_FOLDER']>): FileStore {
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const response = await folder.fetch(`http://files.invalid/${path}`, init);
    if (!response.ok && response.status !== 404)
      throw new Error(`The file store answered with status ${response.status}.`);
    return response;
  };
  return {
    async put({ id, bytes }) {
      await ask(id, { method: 'PUT', body: bytes });
    },
    async get(id) {
      const response = await ask(id);
      return response.ok ? response.body : null;
    },
    async delete(ids) {
      await ask('', { method: 'DELETE', body: JSON.stringify(ids) });
    },
    async list({ prefix, before }) {
      return (await ask(`?prefix=${prefix}&before=${before}`)).json();
    },
  };
}
