import { expect, it } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../../src/api.ts';
import { createAuth } from '../../../src/auth.ts';
import type { Deps } from '../../../src/http/deps.ts';
import { maxLengthOf, unwrap } from '../../../src/http/parse-input.ts';

/** Lists that a schema lets grow without end, by their place. */
function endless(schema: z.ZodType, place: string): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) {
    const own = maxLengthOf(inner) === Infinity ? [place] : [];
    return [...own, ...endless(inner.element as z.ZodType, `${place}[]`)];
  }
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([name, one]) => endless(one as z.ZodType, `${place}.${name}`));
  }
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((one) => endless(one as z.ZodType, place));
  if (inner instanceof z.ZodRecord) return endless(inner.valueType as z.ZodType, `${place}{}`);
  return [];
}

it('bounds every list of every body', () => {
  const operations = [createApi, createAuth].flatMap((create) => create({} as Deps).operations);
  const found = operations.flatMap(({ path, body, refuse }) => (body && !refuse ? endless(body, path) : []));
  expect(found).toEqual([]);
});
