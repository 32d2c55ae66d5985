import { createConfig, lint } from '@redocly/openapi-core';
import { expect, it } from 'vitest';

it('the description passes the linter’s recommended rules, without an exception', async () => {
  const problems = await lint({ ref: 'assets/openapi.json', config: await createConfig({ extends: ['recommended'] }) });
  const said = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
  expect(said).toEqual([]);
});
