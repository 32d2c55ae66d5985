/** What a PATCH may say of a record: any of its fields; one left out stays as it is. */
export type Changes<Fields> = { [Key in keyof Fields]?: Fields[Key] | undefined };

export function isEmpty(changes: object): boolean {
  return Object.values(changes).every((value) => value === undefined);
}
