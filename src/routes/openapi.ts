import * as z from 'zod';
import { entityTagOf, taggedText } from '../http/etag.ts';
import type { Api } from '../http/operation.ts';
import { ownPath } from '../http/own-address.ts';

const files = {
  '/openapi.json': 'Describes records and reports',
  '/openapi-settings.json': 'Describes the set-up',
};

/** The description of this API, made when it was built: two files, each complete in itself. */
export function addOpenApiRoutes(api: Api): void {
  for (const [path, summary] of Object.entries(files)) {
    api.define(
      { method: 'get', path, summary, scope: null, response: z.looseObject({ openapi: z.string() }) },
      async ({ c, deps }) => {
        const text = await deps.readAsset(path);
        const base = ownPath({ c, config: deps.config }, '/');
        const tag = await entityTagOf(base + text);
        return taggedText(c, {
          tag,
          text: base === '/' ? text : atOwnPath({ text, ownPathOf: (url) => ownPath({ c, config: deps.config }, url) }),
          headers: { 'content-type': 'application/json' },
        });
      },
    );
  }
}

/** The description with the addresses of its servers as they are where Kilde answers below a path of the site's host. */
function atOwnPath({ text, ownPathOf }: { text: string; ownPathOf: (url: string) => string }): string {
  const described = JSON.parse(text) as { servers: Array<{ url: string }> };
  const servers = described.servers.map(({ url }) => ({ url: ownPathOf(url).replace(/(.)\/$/, '$1') }));
  return JSON.stringify({ ...described, servers });
}
