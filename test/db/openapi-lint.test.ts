import { createConfig, lint } from '@redocly/openapi-core';
import { expect, it } from 'vitest';

it.each(['openapi', 'openapi-settings'])(
  '%s passes the linter’s recommended rules, but for agreed addresses',
  async (name) => {
    const problems = await lint({
      ref: `assets/${name}.json`,
      config: await createConfig({ extends: ['recommended'] }),
    });
    const said = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
    // The one exception: these addresses are agreed on. An id is a number, so no person and no company is called "merges".
    const record = String.raw`\/api\/v1\/(people|companies)`;
    const [below, merge] = [`\`${record}\\/\\{id\\}\\/\\w+\``, `\`${record}\\/merges\\/\\{mergeId\\}\``];
    const agreed = new RegExp(`^no-ambiguous-paths: .*(${below} and ${merge}|${merge} and ${below})`);
    expect(said.filter((one) => !agreed.test(one))).toEqual([]);
  },
);
