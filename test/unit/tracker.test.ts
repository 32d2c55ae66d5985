import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { tracker } from '../../src/generated/tracker.ts';
import { buildTracker, trackerModule } from '../../tools/build-tracker.ts';

const maxGzipBytes = 1_024;

describe('the tracker', () => {
  let built: string;
  beforeAll(async () => {
    built = await buildTracker();
  });

  it('is served as tracker/k.ts has it: run "node tools/build-tracker.ts" after a change', async () => {
    expect(tracker).toBe(built);
    const committed = await readFile(new URL('../../src/generated/tracker.ts', import.meta.url), 'utf8');
    expect(committed).toBe(trackerModule(built));
  });

  it(`is at most ${maxGzipBytes} bytes gzipped`, () => {
    expect(gzipSync(built, { level: 9 }).length).toBeLessThanOrEqual(maxGzipBytes);
  });

  it('uses no syntax newer than ES2018', () => {
    expect(built).not.toMatch(/\?\.[a-z[(]|\?\?/i);
    expect(built).not.toMatch(/catch\{/);
  });
});
