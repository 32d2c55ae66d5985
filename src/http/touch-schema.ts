import * as z from 'zod';
import { explainLanguages } from '../domain/attribution/explain-texts.ts';
import { evidenceUses, originRules, passedOverReasons } from '../domain/attribution/explain.ts';
import { recordByName } from '../domain/attribution/origin-field-names.ts';
import { sentFields, utmFields } from '../domain/attribution/origin-fields.ts';
import { timeShape } from './shapes.ts';

const value = z.string().nullable();
const utm = recordByName(utmFields, () => value);

export const clickIdSchema = z.object({ name: z.string(), value: z.string() });

/** One arrival with its origin. Values are shown by their label, after corrections. */
export const touchSchema = z.object({
  channel: z.string(),
  ...utm,
  clickId: clickIdSchema.nullable().describe('The click id that decided'),
  clickIds: z.array(clickIdSchema).describe('All click ids of the arrival'),
  referrerDomain: value,
  landingPage: value,
  at: timeShape,
});

/** A touch with the spellings as they were sent. */
export const rawTouchSchema = touchSchema.extend({ raw: z.object(utm) });

const text = z.string();
const kind = z.enum(['utm', 'clickId', 'referrer', 'page']);

/** Why an arrival has its origin and channel. */
export const explanationShape = z.object({
  site: z.string(),
  language: z.enum(explainLanguages),
  origin: touchSchema.omit({ at: true }),
  canonical: z.object(recordByName(sentFields, () => value)),
  channel: z.string(),
  rules: z.object({
    origin: z.object({ rule: z.enum(originRules), source: value, medium: value, text }),
    channel: z.object({ from: z.enum(['site', 'default']), row: z.number().int(), when: z.string(), text }),
  }),
  evidence: z.array(z.object({ evidence: kind, name: z.string(), value: z.string(), use: z.enum(evidenceUses), text })),
  passedOver: z.array(
    z.object({ evidence: kind, name: z.string(), value: z.string(), reason: z.enum(passedOverReasons), text }),
  ),
});
