import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter } from 'vitest/node';
import { replayPath } from './failing-property.ts';

/** Writes the replay file of each property that failed: tests in workerd cannot write files themselves. */
export default class ReplayReporter implements Reporter {
  onTestCaseResult: NonNullable<Reporter['onTestCaseResult']> = (testCase) => {
    const { replay } = testCase.meta();
    if (replay === undefined || testCase.result().state !== 'failed') return;
    const path = replayPath(replay);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(replay, null, 1)}\n`);
  };
}
