import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { expect, it } from 'vitest';
import { publicNetwork } from '../../tools/serve.ts';

it('lets what people enter reach no private address, whatever its name resolves to', async () => {
  let reached = 0;
  const server = createServer((_, response) => {
    reached += 1;
    response.end('secret');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const script = `export default { async fetch(request, env) {
    const url = new URL(request.url).searchParams.get('url');
    const by = { any: fetch, public: (...args) => env.PUBLIC.fetch(...args) };
    const tell = async (send) => send(url).then(async (answer) => answer.text(), () => 'refused');
    return Response.json({ any: await tell(by.any), public: await tell(by.public) });
  } }`;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: 'asks',
      modules: true,
      script,
      compatibilityDate: '2026-10-20',
      serviceBindings: { PUBLIC: publicNetwork },
    }),
  );
  try {
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = encodeURIComponent(`http://${host}:${port}/`);
      const answer = await miniflare.dispatchFetch(`http://asks.invalid/?url=${url}`);
      expect([host, await answer.json()]).toEqual([host, { any: 'secret', public: 'refused' }]);
    }
    expect(reached).toBe(2);
  } finally {
    await miniflare.dispose();
    server.close();
  }
});
