import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const read = async (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const plain = (path: string) => path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '{}');

it('docs/screens.md names requests that the API answers', async () => {
  const files = await Promise.all(['openapi.json', 'openapi-settings.json'].map((name) => read(`assets/${name}`)));
  const paths = Object.assign({}, ...files.map((file) => JSON.parse(file).paths)) as Record<string, object>;
  const answered = new Set(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${plain(path)}`),
    ),
  );
  const preset = /^(GET \/reports)\/(?!query)[\w-]+$/;
  const named = [...(await read('docs/screens.md')).matchAll(/`((?:GET|POST|PATCH|PUT|DELETE) \/[^\s`?]+)/g)].map(
    ([, request]) => plain(request!).replace(preset, '$1/{}'),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((request) => !answered.has(request))).toEqual([]);
});
