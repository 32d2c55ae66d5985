import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// NOTICE.md names every list in assets/ with its sources, their versions and their licences.

const root = new URL('../../', import.meta.url);
const notice = readFileSync(new URL('NOTICE.md', root), 'utf8');

type Package = { version: string; license: string };
const readPackage = (name: string): Package =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, root), 'utf8')) as Package;

it('has a section for every file and folder in assets/', () => {
  const sections = new Set([...notice.matchAll(/^## assets\/(\S+)$/gm)].map(([, name]) => name));
  // Folders that a build is writing have names that begin with a point.
  const files = readdirSync(new URL('assets/', root)).filter((name) => !name.startsWith('.'));
  expect(files.filter((name) => !sections.has(name))).toEqual([]);
});

it('names the installed version and the licence of every package that a list is made of', () => {
  const rows = [...notice.matchAll(/^\| `([^`]+)` +\| (\d+\.\d+\.\d+) +\| \d{4}-\d\d-\d\d +\| (\S+) +\|/gm)];
  expect(rows.map(([, name]) => name)).toEqual([
    'disposable-email-domains-js',
    'email-providers',
    'libphonenumber-js',
    'tldts',
    '@scalar/api-reference',
    '@tryghost/referrer-parser',
  ]);
  for (const [, name, version, license] of rows) {
    expect({ name, version, license }).toEqual({
      name,
      version: readPackage(name!).version,
      license: readPackage(name!).license,
    });
  }
});
