import type * as z from 'zod';
import { unknownName } from '../domain/unknown-name.ts';
import type { InputError } from '../domain/errors.ts';

/**
 * What is wrong with an input, in Kilde's own words. zod is asked to use `sentenceOf` wherever a schema says nothing itself, so
 * that no wording of the library reaches a caller.
 */

type Issue = z.core.$ZodRawIssue;

/** One sentence for one of zod's issues. It stands behind a location: `body.name: must be text, and is a number`. */
export function sentenceOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${kindOf(issue.expected)}${isOf(issue)}`;
    case 'too_big':
    case 'too_small':
      return boundSentence(issue);
    case 'invalid_format':
      return formatSentence(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return unionSentence(issue);
    case 'unrecognized_keys':
      return 'has members that are not known';
    case 'invalid_key':
      return 'has a name that is not allowed';
    case 'invalid_element':
      return 'has a member that is not allowed';
    case 'custom':
      return 'is not valid';
  }
}

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  date: 'a time',
};

const kindOf = (expected: string): string => kinds[expected] ?? 'of another type';

/** What the input is instead; nothing where its type is the right one, such as a number that is not whole. */
function isOf({ input, expected }: { input?: unknown; expected?: string }): string {
  if (typeof input === 'number') {
    if (expected === 'int') return `, and is ${input}`;
    return Number.isNaN(input) ? '' : ', and is a number';
  }
  if (input === null) return ', and is null';
  if (Array.isArray(input)) return ', and is a list';
  const is: Record<string, string> = { string: 'text', boolean: 'true or false', object: 'an object' };
  return ` and is ${is[typeof input] ?? 'something else'}`.replace(/^/, ',');
}

function boundSentence(issue: Extract<Issue, { code: 'too_big' | 'too_small' }>): string {
  const isMost = issue.code === 'too_big';
  const bound = isMost ? issue.maximum : issue.minimum;
  const { origin, input } = issue;
  const least = isMost ? 'at most' : 'at least';
  if (origin === 'string' || origin === 'array' || origin === 'set' || origin === 'map') {
    const size = (input as { length?: number } | undefined)?.length;
    const has = size === undefined ? '' : `, and has ${size}`;
    if (!isMost && bound === 1) return 'must not be empty';
    if (issue.exact) return `must have exactly ${bound}${origin === 'string' ? ' characters' : ''}${has}`;
    return origin === 'string' ? `must have ${least} ${bound} characters${has}` : `must hold ${least} ${bound}${has}`;
  }
  const edge = issue.inclusive === false ? (isMost ? 'less than' : 'more than') : least;
  return `must be ${edge} ${bound}`;
}

const formats: Record<string, string> = {
  date: 'must be a day such as 2026-09-01',
  datetime: 'must be a time such as 2026-09-01T10:00:00Z',
  email: 'must be an e-mail address',
  url: 'must be an address such as https://example.com/',
  uuid: 'must be a UUID',
  guid: 'must be a UUID',
};

function formatSentence(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  const known = formats[issue.format];
  if (known !== undefined) return known;
  const { prefix, suffix, includes, pattern } = issue as {
    prefix?: string;
    suffix?: string;
    includes?: string;
    pattern?: string;
  };
  if (prefix !== undefined) return `must begin with ${prefix}`;
  if (suffix !== undefined) return `must end with ${suffix}`;
  if (includes !== undefined) return `must contain ${includes}`;
  return pattern === undefined ? 'has the wrong form' : `must match ${pattern}`;
}

/** A value that fits none of several shapes: what each of them would take. */
function unionSentence(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const types = issue.errors.flatMap((branch) =>
    branch.flatMap((one) => (one.code === 'invalid_type' && one.path.length === 0 ? [kindOf(one.expected)] : [])),
  );
  const distinct = [...new Set(types)];
  if (distinct.length === 0) return 'has none of the allowed shapes';
  const last = distinct.pop()!;
  return `must be ${distinct.length === 0 ? last : `${distinct.join(', ')} or ${last}`}`;
}

/** What a name that is not known should have been, by where it stands. */
export type NameContext = { what: string; owner: string };

export const nameContextOf = (root: string): NameContext =>
  root === 'query' ? { what: 'parameter', owner: 'This address takes' } : { what: 'field', owner: 'Allowed' };

/** An issue of a value that is none of those listed: with the values that are. */
export function unknownValue({
  location,
  values,
  input,
}: {
  location: string;
  values: readonly unknown[];
  input: unknown;
}): InputError | null {
  if (typeof input !== 'string' || values.length < 2) return null;
  return unknownName({ location, what: 'value', name: input, known: values.map(String) });
}
