/** The list of records one came from, so that J and K go on in it. It lives as long as the tab. */
const storeName = 'kilde.list';

/** @param paths of its records, in its order. */
export function rememberList(paths: readonly string[]): void {
  sessionStorage.setItem(storeName, JSON.stringify(paths));
}

/** The address of the next or previous record; null at an end, and where one did not come from a list. */
export function recordBeside(path: string, step: 1 | -1): string | null {
  const paths = JSON.parse(sessionStorage.getItem(storeName) ?? '[]') as string[];
  const at = paths.indexOf(path);
  return at < 0 ? null : (paths[at + step] ?? null);
}
