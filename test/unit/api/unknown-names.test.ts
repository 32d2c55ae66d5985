import { describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { KildeError } from '../../../src/domain/errors.ts';
import type { InputError } from '../../../src/domain/errors.ts';
import { nearestNames, unknownName } from '../../../src/domain/unknown-name.ts';
import { parseInput } from '../../../src/http/parse-input.ts';

describe('a name that does not exist', () => {
  it('comes with those that do, the nearest first', () => {
    expect(
      unknownName({
        location: 'query.createdOn',
        what: 'field',
        name: 'createdOn',
        owner: 'Deals have',
        known: ['name', 'closedAt', 'createdAt'],
      }),
    ).toEqual({
      location: 'query.createdOn',
      message: "Unknown field 'createdOn'. Deals have: createdAt, closedAt, name",
      known: ['createdAt', 'closedAt', 'name'],
    });
  });

  it('comes with twenty at most', () => {
    const names = Array.from({ length: 300 }, (_, index) => `field${index}`);
    const { known, message } = unknownName({ location: 'x', what: 'field', name: 'field299x', known: names });
    expect([known!.length, known![0]]).toEqual([20, 'field299']);
    expect(message).toMatch(/, …$/);
  });

  it('is found in any case, and as a part of a longer one', () => {
    expect(nearestNames('LEADSTATUS', ['owner', 'leadStatus'])[0]).toBe('leadStatus');
    expect(nearestNames('campaign', ['country', 'company', 'leadCreation.campaign'])).toContain(
      'leadCreation.campaign',
    );
  });

  it('is cut where it is long', () => {
    expect(unknownName({ location: 'x', what: 'field', name: 'a'.repeat(10_000), known: [] }).message).toBe(
      `Unknown field '${'a'.repeat(100)}'. Allowed: none`,
    );
  });
});

function errorsOf(schema: z.ZodType, value: unknown, root = 'body'): InputError[] {
  try {
    parseInput({ schema, value, root });
  } catch (error) {
    if (error instanceof KildeError) return error.errors;
    throw error;
  }
  return [];
}

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('email'), to: z.string() }),
  z.strictObject({ kind: z.literal('chat'), url: z.url() }),
]);

// Every kind of issue that zod has, through every kind of schema that the API uses.
const cases: Array<[schema: z.ZodType, value: unknown, message: string, at?: string]> = [
  [z.string(), 5, 'must be text, and is a number'],
  [z.string(), null, 'must be text, and is null'],
  [z.string(), true, 'must be text, and is true or false'],
  [z.string(), [], 'must be text, and is a list'],
  [z.string(), {}, 'must be text, and is an object'],
  [z.number(), 'x', 'must be a number, and is text'],
  [z.number().int(), 1.5, 'must be a whole number, and is 1.5'],
  [z.coerce.number(), 'x', 'must be a number'],
  [z.boolean(), 'true', 'must be true or false, and is text'],
  [z.array(z.string()), 'x', 'must be a list, and is text'],
  [z.strictObject({}), [], 'must be an object, and is a list'],
  [z.record(z.string(), z.number()), 'x', 'must be an object, and is text'],
  [z.object({ name: z.string() }), {}, 'is missing', 'body.name'],
  [z.object({ kind: z.enum(['a', 'b']) }), {}, 'is missing', 'body.kind'],
  [z.string().max(3), 'abcd', 'must have at most 3 characters, and has 4'],
  [z.string().min(2), 'a', 'must have at least 2 characters, and has 1'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().length(2), 'abc', 'must have exactly 2 characters, and has 3'],
  [z.number().max(3), 4, 'must be at most 3'],
  [z.number().min(3), 2, 'must be at least 3'],
  [z.number().lt(3), 3, 'must be less than 3'],
  [z.number().gt(3), 3, 'must be more than 3'],
  [z.number().multipleOf(5), 3, 'must be a multiple of 5'],
  [z.array(z.string()).min(1), [], 'must not be empty'],
  [z.array(z.string()).min(2), ['a'], 'must hold at least 2, and has 1'],
  [z.array(z.string()).max(1), ['a', 'b'], 'has 2 entries, and may have at most 1'],
  [z.string().regex(/^[a-z]+$/), 'A', 'must match /^[a-z]+$/'],
  [z.string().startsWith('x'), 'A', 'must begin with x'],
  [z.string().endsWith('x'), 'A', 'must end with x'],
  [z.string().includes('x'), 'A', 'must contain x'],
  [z.iso.date(), 'A', 'must be a day such as 2026-09-01'],
  [z.iso.datetime(), 'A', 'must be a time such as 2026-09-01T10:00:00Z'],
  [z.email(), 'A', 'must be an e-mail address'],
  [z.url(), 'A', 'must be an address such as https://example.com/'],
  [z.uuid(), 'A', 'must be a UUID'],
  [z.base64url(), '!', 'has the wrong form'],
  [z.enum(['asc', 'desc']), 'descending', "Unknown value 'descending'. Allowed: desc, asc"],
  [z.enum(['asc', 'desc']), 5, 'must be one of asc, desc'],
  [z.literal(true), false, 'must be one of true'],
  [z.literal('UTC'), 'CET', 'must be one of UTC'],
  [z.union([z.string(), z.array(z.string())]), 5, 'must be text or a list'],
  [z.union([z.string(), z.array(z.string())]), ['a', 5], 'must be text, and is a number', 'body[1]'],
  [z.union([z.strictObject({ a: z.string() }), z.string()]), { b: 1 }, 'is missing', 'body.a'],
  [z.union([z.number(), z.string()], 'must be money'), [], 'must be money'],
  [target, { kind: 'mail', to: 'x' }, "Unknown kind 'mail'. Allowed: email, chat", 'body.kind'],
  [target, {}, 'is missing', 'body.kind'],
  [z.array(target), [{ kind: 'chat', url: 'x' }], 'must be an address such as https://example.com/', 'body[0].url'],
  [z.strictObject({ name: z.string().optional() }), { nam: 1 }, "Unknown field 'nam'. Allowed: name", 'body.nam'],
  [
    z.strictObject({ items: z.array(z.strictObject({ amount: z.number().optional() }).nullable()) }),
    { items: [{ amuont: 1 }] },
    "Unknown field 'amuont'. Allowed: amount",
    'body.items[0].amuont',
  ],
  [z.partialRecord(z.enum(['a', 'b']), z.string()), { c: 'x' }, "Unknown field 'c'. Allowed: a, b", 'body.c'],
  [z.record(z.string().max(2), z.string()), { abc: 'x' }, 'has a name that is not allowed', 'body.abc'],
  [z.string().refine(() => false), 'x', 'is not valid'],
  [z.string().refine(() => false, 'must be something else'), 'x', 'must be something else'],
  [z.date(), 'x', 'must be a time, and is text'],
];

test.each(cases)('a mistake in %o, %j: %s', (schema, value, message, at = 'body') => {
  const [error, ...others] = errorsOf(schema, value);
  expect([error!.location, error!.message]).toEqual([at, message]);
  expect(others.every((one) => !/invalid|expected|received|unrecognized|too (big|small)/i.test(one.message))).toBe(
    true,
  );
});

test('a parameter that an address does not have is refused with those it has', () => {
  expect(errorsOf(z.strictObject({ limit: z.string().optional() }), { limt: '1' }, 'query')).toEqual([
    {
      location: 'query.limt',
      message: "Unknown parameter 'limt'. This address takes: limit",
      known: ['limit'],
    },
  ]);
});

test('a member that may only be refused is not among the names', () => {
  const schema = z.strictObject({ name: z.string().optional(), id: z.never('cannot be changed').optional() });
  expect(errorsOf(schema, { nmae: 1 })[0]!.known).toEqual(['name']);
});

test('a hundred thousand names are counted, and the first ones named', () => {
  const value = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`x${index}`, 1]));
  expect(errorsOf(z.strictObject({ name: z.string().optional() }), value)).toHaveLength(100);
});
