import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Statement } from '../open-world.ts';

/** What the host counts, and the steps of SQLite's machine: the same on every machine. */
export type Work = { read: number; written: number; steps: number };

export type Counter = {
  /** Runs statements as one transaction and takes it back. */
  count(statements: readonly Statement[]): Work;
  close(): void;
};

/** As much of libSQL built for WebAssembly as is used here: it is installed by `npm run bench`, beside what the product needs. */
type Pointer = number;
type Struct = { pointer: Pointer; dispose(): void } & Record<`$${string}`, unknown>;
type StructType = { new (pointer?: Pointer): Struct; structInfo: { sizeof: number } };
type Prepared = {
  pointer: Pointer;
  parameterCount: number;
  bind(values: readonly unknown[]): unknown;
  bind(index: number, value: unknown): unknown;
  getParamIndex(name: string): number | undefined;
  step(): boolean;
  finalize(): void;
};
type Sqlite = {
  capi: Record<'sqlite3_file' | 'sqlite3_io_methods' | 'sqlite3_vfs', StructType> & {
    sqlite3_vfs_find(name: null): Pointer;
    sqlite3_stmt_status(statement: Pointer, counter: number, reset: number): number;
  };
  wasm: {
    heap8u(): Uint8Array;
    poke32(at: Pointer, value: number): void;
    poke64(at: Pointer, value: bigint): void;
    cstrncpy(to: Pointer, from: Pointer, size: number): number;
  };
  vfs: { installVfs(parts: Record<string, { struct: Struct; methods: object; name?: string }>): void };
  oo1: { DB: new (options: { filename: string; vfs: string; flags: string }) => Database };
};
type Database = { exec(sql: string): unknown; prepare(sql: string): Prepared; close(): void };

const counters = { steps: 4, read: 1025, written: 1026 } as const;
const ok = 0;
const [cannotOpen, shortRead, notFound] = [14, 522, 12];
const mainDatabase = 0x100;
let opened = 0;

/**
 * libSQL in WebAssembly over a world's file, which it leaves as it is: what is written stays in memory. It counts what Turso
 * bills, rows read and rows written, which the package that the local endpoint embeds does not tell.
 */
export async function openCounter(path: string): Promise<Counter> {
  const packageName: string = '@libsql/libsql-wasm-experimental';
  const { default: start } = (await import(packageName)) as {
    default: (options: object) => Promise<Sqlite>;
  };
  const sqlite = await start({ print() {}, printErr() {} });
  opened += 1;
  const vfs = `world-${opened}`;
  const descriptor = openSync(path, 'r');
  installFile(sqlite, { name: vfs, descriptor });
  const database = new sqlite.oo1.DB({ filename: 'world.db', vfs, flags: 'w' });
  database.exec(
    'PRAGMA journal_mode = MEMORY; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA cache_size = -262144',
  );
  const status = (statement: Prepared, counter: keyof Work) =>
    sqlite.capi.sqlite3_stmt_status(statement.pointer, counters[counter], 0);
  return {
    count(statements) {
      const work: Work = { read: 0, written: 0, steps: 0 };
      database.exec('BEGIN');
      try {
        for (const { sql, args } of statements) {
          const prepared = database.prepare(sql);
          try {
            bindAll(prepared, args);
            while (prepared.step());
            for (const counter of ['read', 'written', 'steps'] as const) work[counter] += status(prepared, counter);
          } finally {
            prepared.finalize();
          }
        }
      } finally {
        database.exec('ROLLBACK');
      }
      return work;
    },
    close() {
      database.close();
      closeSync(descriptor);
    },
  };
}

function bindAll(prepared: Prepared, args: Statement['args']): void {
  if (prepared.parameterCount === 0) return;
  if (Array.isArray(args)) {
    prepared.bind(args);
    return;
  }
  for (const [name, value] of Object.entries(args)) {
    const index = [':', '@', '$'].map((sign) => prepared.getParamIndex(sign + name)).find(Boolean);
    if (index) prepared.bind(index, value);
  }
}

/** One file, read from the disk and written to memory alone. */
function installFile({ capi, wasm, vfs }: Sqlite, { name, descriptor }: { name: string; descriptor: number }): void {
  let { size } = fstatSync(descriptor);
  const head = new Uint8Array(20);
  readSync(descriptor, head, 0, 20, 0);
  // The largest does not fit, and is written as 1.
  const pageSize = ((head[16]! << 8) | head[17]!) === 1 ? 65_536 : (head[16]! << 8) | head[17]!;
  const pages = new Map<number, Uint8Array>();
  const io = new capi.sqlite3_io_methods();
  const own = new capi.sqlite3_vfs();
  const standard = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null));
  io['$iVersion'] = 1;
  own['$iVersion'] = 1;
  own['$szOsFile'] = capi.sqlite3_file.structInfo.sizeof;
  own['$mxPathname'] = 1_024;
  own['$xRandomness'] = standard['$xRandomness'];
  own['$xSleep'] = standard['$xSleep'];
  const answer = (at: Pointer, value: number) => {
    wasm.poke32(at, value);
    return ok;
  };
  vfs.installVfs({
    io: {
      struct: io,
      methods: {
        xRead(_: Pointer, to: Pointer, count: number, from: bigint | number): number {
          const heap = wasm.heap8u();
          const start = Number(from);
          const page = pages.get(Math.floor(start / pageSize));
          let read = count;
          if (page) heap.set(page.subarray(start % pageSize, (start % pageSize) + count), to);
          else read = start >= size ? 0 : readSync(descriptor, heap, to, count, start);
          // The file was left with its log emptied: it is read as one that has none.
          if (start === 0) heap.fill(1, to + 18, to + 20);
          heap.fill(0, to + read, to + count);
          return read < count ? shortRead : ok;
        },
        xWrite(_: Pointer, from: Pointer, count: number, to: bigint | number): number {
          const start = Number(to);
          if (count !== pageSize || start % pageSize !== 0) return cannotOpen;
          pages.set(start / pageSize, wasm.heap8u().slice(from, from + count));
          size = Math.max(size, start + count);
          return ok;
        },
        xFileSize(_: Pointer, to: Pointer): number {
          wasm.poke64(to, BigInt(size));
          return ok;
        },
        xTruncate(_: Pointer, to: bigint | number): number {
          size = Number(to);
          return ok;
        },
        xClose: () => ok,
        xSync: () => ok,
        xLock: () => ok,
        xUnlock: () => ok,
        xCheckReservedLock: (_: Pointer, to: Pointer) => answer(to, 0),
        xFileControl: () => notFound,
        xSectorSize: () => pageSize,
        xDeviceCharacteristics: () => 0,
      },
    },
    vfs: {
      struct: own,
      name,
      methods: {
        xOpen(_: Pointer, __: Pointer, file: Pointer, flags: number, flagsOut: Pointer): number {
          if ((flags & mainDatabase) === 0) return cannotOpen;
          const opening = new capi.sqlite3_file(file);
          opening['$pMethods'] = io.pointer;
          opening.dispose();
          return answer(flagsOut, flags);
        },
        xAccess: (_: Pointer, __: Pointer, ___: number, to: Pointer) => answer(to, 0),
        xDelete: () => ok,
        xFullPathname: (_: Pointer, from: Pointer, room: number, to: Pointer) =>
          wasm.cstrncpy(to, from, room) < room ? ok : cannotOpen,
        xCurrentTimeInt64(_: Pointer, to: Pointer): number {
          wasm.poke64(to, 210_866_760_000_000n + BigInt(Date.now()));
          return ok;
        },
        xGetLastError: () => ok,
      },
    },
  });
}
