import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// A page that names a file or a folder of the repository names one that exists.

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .trim()
  .split('\n');
const pages = files.filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md');
/** What a build or a start makes: it is in no clone. */
const made = /^assets\/(?:app|reference)\/|(?:^|\/)(?:api-types\.ts|page\.html|worker\.js)$/;

/** Pages leave out the beginning of a path: `services/run-report.ts`, `people.md`. */
const exists = (path: string): boolean =>
  files.some(
    (file) => file === path || file.endsWith(`/${path}`) || `/${file}`.includes(`/${path.replace(/\/$/, '')}/`),
  );

it.each(pages)('%s names no file that does not exist', (page) => {
  const text = readFileSync(page, 'utf8');
  const named = [
    // A file, or a folder with its slash, in code; and the target of a link.
    ...[...text.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.(?:ts|tsx|md|sql|toml))`/g)].map(([, path]) => path!),
    ...[
      ...text.matchAll(
        /`((?:src|app|test|tools|docs|assets|drizzle|packages|tracker|bench|db|services|domain|routes|jobs|http)\/(?:[\w.-]+\/)*)`/g,
      ),
    ].map(([, path]) => path!),
    ...[...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, path]) => path!.replace(/^(?:\.\.?\/)+/, '')),
  ];
  expect(named.filter((path) => !made.test(path) && !exists(path))).toEqual([]);
});
