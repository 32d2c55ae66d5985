import * as z from 'zod';

const text = z.string().trim().min(1).max(255);

const condition = z
  .strictObject({
    op: z.enum(['equals', 'startsWith', 'endsWith', 'contains', 'oneOf']),
    value: z.union([text, z.array(text).min(1).max(100)]),
  })
  .refine(({ op, value }) => Array.isArray(value) === (op === 'oneOf'), {
    message: 'oneOf takes a list, every other operator one value',
    path: ['value'],
  });

/**
 * A site's own channel rule: all its conditions must hold. Compared by canonical value. There is no regular expression among the
 * operators, so that no rule can be slow.
 */
export const channelRuleSchema = z.strictObject({
  channel: z.string().trim().min(1).max(100),
  when: z
    .strictObject({
      source: condition.optional(),
      medium: condition.optional(),
      campaign: condition.optional(),
      referrerDomain: condition.optional(),
      /** The name of the click identifier, such as `gclid`. */
      clickId: condition.optional(),
    })
    .refine((when) => Object.values(when).some((entry) => entry !== undefined), { message: 'at least one condition' }),
});

export type ChannelRule = z.infer<typeof channelRuleSchema>;
export type ChannelCondition = z.infer<typeof condition>;
