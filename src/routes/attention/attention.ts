import * as z from 'zod';
import type { Api } from '../../http/operation.ts';
import { namedShape, timeShape } from '../../http/shapes.ts';
import { attentionKinds, readAttention } from '../../services/attention/read-attention.ts';

const attentionShape = z.object({
  kind: z.enum(attentionKinds),
  since: timeShape.nullable(),
  count: z.number().int(),
  subject: namedShape.nullable(),
  href: z.string().describe('Where to mend it'),
});

/** What somebody can mend. */
export function addAttentionRoute(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/attention',
      summary: 'Lists what needs attention',
      scope: 'read',
      response: z.object({ items: z.array(attentionShape) }),
    },
    async ({ deps }) => ({ items: await readAttention(deps) }),
  );
}
