import * as z from 'zod';
import { KildeError } from '../domain/errors.ts';
import { parseJson } from '../domain/parse-json.ts';
import { maxColumns, maxSortKeys } from '../domain/segments/query.ts';

/** How a list is shown, where it is asked for in the query string. */

const fieldName = /^[\w.]{1,250}$/;

/** A field's name. */
export const fieldParameter = z.string().regex(fieldName, 'must be the name of a field');

const split = (text: string): string[] => text.split(',').map((one) => one.trim());

/** `columns=email,firstTouch.source`. */
export const columnsParameter = z
  .string()
  .max(10_000)
  .transform(split)
  .refine(
    (names) => names.length <= maxColumns && names.every((name) => fieldName.test(name)),
    `must be 1 to ${maxColumns} names of fields, with commas between`,
  );

/** `sort=-createdAt,email`: a minus before a field that descends. */
export const sortParameter = z
  .string()
  .max(1_500)
  .transform(split)
  .refine(
    (keys) => keys.length <= maxSortKeys && keys.every((key) => fieldName.test(key.replace(/^-/, ''))),
    `must be 1 to ${maxSortKeys} names of fields with commas between, a minus before one that descends`,
  )
  .transform((keys) =>
    keys.map((key) => ({
      field: key.replace(/^-/, ''),
      direction: key.startsWith('-') ? ('desc' as const) : ('asc' as const),
    })),
  );

/** A criteria tree as JSON. */
export const criteriaParameter = z
  .string()
  .max(20_000)
  .transform((text, context): unknown => {
    try {
      return parseJson(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a criteria tree as JSON' });
      return z.NEVER;
    }
  });

/** Names the places of mistakes as those of a query string, where a service knows them as those of a body. */
export async function inQuery<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof KildeError) || error.errors.length === 0) throw error;
    const errors = error.errors.map((one) => ({ ...one, location: one.location.replace(/^body\./, 'query.') }));
    throw new KildeError(error.code, error.message.replaceAll('body.', 'query.'), errors);
  }
}
