import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startKilde } from '../../tools/serve.ts';

// What `npm run dev` asks of the local start.

it('builds the Worker for an inspector, and puts a new build in its place at the same address', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'kilde-reload-'));
  const kilde = await startKilde({ dataDirectory, inspectorPort: 0 });
  try {
    const readWorker = async () => readFile(join(dataDirectory, 'worker', 'worker.js'), 'utf8');
    expect(await readWorker()).toContain('//# sourceMappingURL=data:');
    await rm(join(dataDirectory, 'worker'), { recursive: true });
    await kilde.reload();
    expect(await readWorker()).toContain('//# sourceMappingURL=data:');
    const answer = await fetch(new URL('/health', kilde.url));
    expect(await answer.json()).toEqual({ ok: true, database: 'ok' });
    await kilde.trigger();
  } finally {
    await kilde.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
});
