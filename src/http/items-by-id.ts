/** For a PUT of many: the records that items name by `id`, each at its item's place. */
export async function readItemsById<View extends { id: string }>(
  items: readonly object[],
  read: (ids: number[]) => Promise<View[]>,
): Promise<Array<View | undefined>> {
  const idOf = (item: object): string => ('id' in item ? String(item.id) : '');
  const ids = [...new Set(items.map(idOf))].filter((id) => /^[1-9]\d{0,14}$/.test(id)).map(Number);
  const found = new Map((await read(ids)).map((view) => [view.id, view]));
  return items.map((item) => found.get(idOf(item)));
}
