import { readFileSync } from 'node:fs';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import type { Replay } from './test/support/failing-property.ts';

/** The tables that the Worker reads from its assets before its first event, and what properties are tried with. */
const setupFiles = ['test/support/load-tables.ts', 'test/support/property-tests.ts'];

/** What is waited for is not what is measured: a busy machine fails no test. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

/** `REPLAY` names a file that a failing property has written: its test alone is run, with what failed. */
const replayFile = process.env['REPLAY'];
const replay = replayFile ? (JSON.parse(readFileSync(replayFile, 'utf8')) as Replay) : null;

export default defineConfig({
  test: {
    // One fewer than there are cores would be one on the machines of CI.
    maxWorkers: 2,
    provide: { seed: Number(process.env['SEED'] ?? 20_261_125), replay },
    ...(replay === null ? {} : { testNamePattern: RegExp.escape(replay.test) }),
    reporters: ['default', './test/support/replay-reporter.ts'],
    projects: [
      // Pure functions: nothing of one file can reach another, so the files share a worker and what it has loaded.
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'app/test/**/*.test.ts'],
          isolate: false,
          setupFiles,
          ...patience,
        },
      },
      {
        test: {
          name: 'db',
          include: ['test/db/**/*.test.ts'],
          exclude: ['test/db/program/**'],
          setupFiles,
          ...patience,
        },
      },
      // One in-memory database for all files: each test takes back what it stored.
      { test: { name: 'program', include: ['test/db/program/**/*.test.ts'], isolate: false, ...patience } },
      {
        plugins: [
          cloudflareTest({
            main: './src/worker.ts',
            miniflare: {
              compatibilityDate: '2026-10-20',
              r2Buckets: ['FILES'],
              assets: { directory: './assets', binding: 'ASSETS', routerConfig: { has_user_worker: true } },
            },
          }),
        ],
        test: {
          name: 'workerd',
          // Every test has a database of its own; a file that starts anew loads all of the product once more.
          isolate: false,
          include: ['test/http/**/*.test.ts', 'test/workerd/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          globalSetup: ['test/support/start-database.ts', 'test/support/build-app.ts'],
          setupFiles,
          ...patience,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/build-app.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
