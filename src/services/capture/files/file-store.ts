/** Where the bytes of files are: R2, or a folder of the machine. Ids are random UUIDs. */
export type FileStore = {
  put(file: { id: string; bytes: Uint8Array<ArrayBuffer>; sha256: string }): Promise<void>;
  /** Null where there is no such file. */
  get(id: string): Promise<ReadableStream | null>;
  delete(ids: readonly string[]): Promise<void>;
  /** Some ids that begin with a text, of files that were put before a moment. */
  list(which: { prefix: string; before: number }): Promise<string[]>;
};

/** The bindings that a store is made of. */
export type FileBindings = { FILES?: R2Bucket; FILE_FOLDER?: { fetch: typeof globalThis.fetch } };

/** What the edge has of a store until a file comes; null where there is none. */
export type OpenFileStore = (() => Promise<FileStore>) | null;
