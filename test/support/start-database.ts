import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../tools/migrations.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the libSQL endpoint listens; each test names a database of its own below it. */
    databaseUrl: string;
  }
}

/** Starts the real libSQL endpoint for tests that run inside workerd. */
export default async function startDatabase(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'kilde-test-'));
  // Migrated once, and copied for each test.
  const template = join(directory, 'template.db');
  const migrated = await startLibsqlServer({ path: template });
  await migrate({ url: migrated.url });
  await migrated.close();
  const server = await startLibsqlServer({ directory, template });
  project.provide('databaseUrl', server.url);
  return async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  };
}
