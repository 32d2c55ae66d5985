import type { FormFields } from './reserved-fields.ts';

/**
 * What is compared where two submissions of a form have one idempotency key: the sender's address as the person is known by it, and
 * all other answers as they were sent, in any order. Where there is no valid address, the answers alone, a telephone number among them.
 */
export function submissionContent({
  fields,
  email,
  emailField,
}: {
  fields: FormFields;
  /** Normalised; null where it is none. */
  email: string | null;
  /** The field that holds it. */
  emailField: string | undefined;
}): string {
  const answers = Object.entries(fields).filter(([name]) => email === null || name !== emailField);
  return JSON.stringify([email, answers.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))]);
}
