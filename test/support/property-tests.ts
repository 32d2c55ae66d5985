import * as fc from 'fast-check';
import { inject } from 'vitest';
import { reportRun } from './failing-property.ts';

const replay = inject('replay');
const settings: fc.Parameters<unknown> = {
  seed: inject('seed'),
  // The very inputs that failed, and no shrinking of them.
  ...(replay?.kind === 'inputs' ? { seed: replay.seed, path: replay.path, endOnFailure: true } : {}),
  reporter: reportRun,
};
fc.configureGlobal(settings);
