import type { Hono } from 'hono';
import { entityTagOf, taggedText } from '../../http/etag.ts';
import { tracker } from '../../generated/tracker.ts';

/** `GET /k.js`: the tracker, the same for every site. */
export function addScriptRoute({ app }: { app: Hono }): void {
  let tag: string | undefined;
  app.get('/k.js', async (c) =>
    taggedText(c, {
      tag: (tag ??= await entityTagOf(tracker)),
      text: tracker,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=3600',
        'cross-origin-resource-policy': 'cross-origin',
      },
    }),
  );
}
