import * as z from 'zod';
import { roles } from '../domain/users/roles.ts';
import { passwordLength } from '../services/users/password-length.ts';

/** Shapes of users and sign-in. */

export const roleName = z.enum(roles).describe('viewer reads, marketer also changes, admin also administers');
export const languageName = z.enum(['en', 'no']);

/** A password that is chosen: any characters, its length bounded. */
export const newPassword = z
  .string()
  .min(passwordLength.min, `must be at least ${passwordLength.min} characters`)
  .max(passwordLength.max, `must be at most ${passwordLength.max} characters`)
  .refine((text) => new Set(text).size > 4, 'must hold at least 5 different characters');

/** A password that is checked. */
export const givenPassword = z.string().min(1, 'must not be empty').max(passwordLength.max);

/** The token of a one-time link. */
export const linkToken = z.string().min(1).max(200);
