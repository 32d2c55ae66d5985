import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

/** Where the public lists lie, beside the repository. Nothing that ships reads them. */
export const dataFolder = fileURLToPath(new URL('../../shared/data/', import.meta.url));

export const hasPublicLists: boolean = existsSync(dataFolder);

export type ListedHost = { label: string; host: string };
export type ListedSource = { source: string; category: string };

/** Label → hosts, as in Socials.yml and AIAssistants.yml. */
export function readHostList(file: string): ListedHost[] {
  const lists = parse(readList(file)) as Record<string, string[]>;
  return Object.entries(lists).flatMap(([label, hosts]) => hosts.map((host) => ({ label, host })));
}

/** SearchEngines.yml: `{}` stands for a country, and a host can carry a path. */
export function readSearchEngines(): ListedHost[] {
  const engines = parse(readList('SearchEngines.yml')) as Record<string, { urls: string[] }[]>;
  return Object.entries(engines).flatMap(([label, parts]) =>
    parts.flatMap(({ urls }) => urls.map((host) => ({ label, host }))),
  );
}

/** ga4_source_categories.csv: two columns, no quoting. The category without its prefix, in lower case. */
export function readSourceCategories(): ListedSource[] {
  const [, ...lines] = readList('ga4_source_categories.csv').trim().split(/\r?\n/);
  return lines.map((line) => {
    const comma = line.lastIndexOf(',');
    return {
      source: line.slice(0, comma),
      category: line
        .slice(comma + 1)
        .replace('SOURCE_CATEGORY_', '')
        .toLowerCase(),
    };
  });
}

export function readList(file: string): string {
  return readFileSync(dataFolder + file, 'utf8');
}
