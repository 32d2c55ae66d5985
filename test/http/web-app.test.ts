import { expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';

const front = {
  PASS_THROUGH_HOSTS: 'www.example.com',
  PASS_THROUGH_ORIGIN: 'http://site.internal',
};

it('answers every address below /app/ with the page, its policy and a nonce of its own', async () => {
  const kilde = await createTestApp();
  const nonces = new Set<string>();
  for (const path of ['/app/', '/app/overview?period=thisMonth', '/app/people/12', '/app/nothing/of/this/name']) {
    const answer = await kilde.request(path);
    const html = await answer.text();
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
    const policy = answer.headers.get('content-security-policy')!;
    const [, nonce] = /script-src 'nonce-([\w-]+)' 'strict-dynamic'/.exec(policy)!;
    nonces.add(nonce!);
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).not.toContain('unsafe');
    expect(html).not.toContain('__NONCE__');
    // Every script, style and preload carries it.
    const tags = [...html.matchAll(/<(?:script|link rel="(?:stylesheet|modulepreload)")[^>]*>/g)].map(([tag]) => tag);
    expect(tags.length).toBeGreaterThan(2);
    for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`);
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  }
  expect(nonces.size).toBe(4);
});

it('serves the files of the build for ever, compressed where the browser takes that, and no other file', async () => {
  const kilde = await createTestApp();
  const html = await (await kilde.request('/app/sources')).text();
  const files = [...html.matchAll(/(?:src|href)="(\/app\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  expect(files.some((path) => path.endsWith('.js')) && files.some((path) => path.endsWith('.css'))).toBe(true);
  for (const path of files) {
    const plain = await kilde.request(path);
    const compressed = await kilde.request(path, { headers: { 'accept-encoding': 'gzip, br' } });
    expect([path, plain.status, plain.headers.get('content-encoding')]).toEqual([path, 200, null]);
    expect([path, compressed.headers.get('content-encoding')]).toEqual([path, 'gzip']);
    expect(compressed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(compressed.headers.get('content-type')).toBe(plain.headers.get('content-type'));
    const unpacked = compressed.body!.pipeThrough(new DecompressionStream('gzip'));
    expect(await new Response(unpacked).text()).toBe(await plain.text());
  }
  for (const path of [
    'no-such.js',
    'index-00000000.css',
    '../shell.txt',
    '%2e%2e/shell.txt',
    'sources.txt',
    'x.js.gz',
  ]) {
    const answer = await kilde.request(`/app/assets/${path}`);
    expect([path, answer.headers.get('content-type')?.startsWith('text/html') || answer.status === 404]).toEqual([
      path,
      true,
    ]);
  }
});

it('stands below /_kilde in front of a site, and leaves the site its own /app', async () => {
  const atSite: string[] = [];
  const kilde = await createTestApp({
    env: front,
    fetch: async (input) => {
      atSite.push(new URL(input instanceof Request ? input.url : String(input)).pathname);
      return new Response('of the site', { headers: { 'content-type': 'text/plain' } });
    },
  });
  const ask = async (path: string) =>
    kilde.request(`https://www.example.com${path}`, { headers: { accept: 'text/html' } });
  expect((await ask('/_kilde/')).headers.get('location')).toBe('/_kilde/app/');
  expect((await ask('/_kilde/app')).headers.get('location')).toBe('/_kilde/app/');
  const html = await (await ask('/_kilde/app/people/12')).text();
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  expect(files.length).toBeGreaterThan(2);
  for (const path of files) {
    expect(path).toMatch(/^\/_kilde\/app\/assets\//);
    expect([path, (await ask(path)).status]).toEqual([path, 200]);
  }
  expect(atSite).toEqual([]);
  expect(await (await ask('/app/people')).text()).toBe('of the site');
});
