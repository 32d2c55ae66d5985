import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, it } from 'vitest';

// A feature has one folder on each floor (ARCHITECTURE.md). Folders of one floor must not need each other in a circle: then neither can be
// understood, or changed, alone.

const floors = ['src/domain', 'src/db/queries', 'src/services', 'src/routes'];

/** Which folder of a floor imports which, with a file that does. Files that stand beside the folders are left out. */
function importsOf(floor: string): Map<string, Map<string, string>> {
  const roomOf = (path: string): string | undefined => {
    const [room, ...rest] = path.slice(floor.length + 1).split('/');
    return path.startsWith(`${floor}/`) && rest.length > 0 ? room : undefined;
  };
  const found = new Map<string, Map<string, string>>();
  for (const file of globSync(`${floor}/**/*.ts`)) {
    const from = roomOf(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
      const to = roomOf(join(dirname(file), path!));
      if (from && to && from !== to) found.set(from, (found.get(from) ?? new Map()).set(to, `${file} → ${path}`));
    }
  }
  return found;
}

/** The imports that lead from a folder back to itself; empty where none do. */
function circleFrom(start: string, imports: Map<string, Map<string, string>>): string[] {
  const seen = new Set<string>();
  const visit = (room: string, way: string[]): string[] => {
    for (const [next, example] of imports.get(room) ?? []) {
      if (next === start) return [...way, example];
      if (seen.has(next)) continue;
      seen.add(next);
      const circle = visit(next, [...way, example]);
      if (circle.length > 0) return circle;
    }
    return [];
  };
  return visit(start, []);
}

it.each(floors)('folders of %s import each other in one direction', (floor) => {
  const imports = importsOf(floor);
  expect(imports.size).toBeGreaterThan(0);
  for (const room of imports.keys()) expect([room, circleFrom(room, imports)]).toEqual([room, []]);
});

it('every feature has the same name on every floor', () => {
  const named = new Set(
    [...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| `([a-z]+)` +\| [a-z]/gm)].map(([, name]) => name),
  );
  for (const floor of floors) {
    const rooms = globSync(`${floor}/*/`).map((path) => path.slice(floor.length + 1).replace('/', ''));
    expect([floor, rooms.filter((room) => !named.has(room))]).toEqual([floor, []]);
  }
});
