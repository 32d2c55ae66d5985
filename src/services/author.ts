/** Who does something: an API key, the administrator's where `id` is null, or the user of a session. */
export type Author = {
  id: number | null;
  name: string | null;
  session: { userId: number; name: string } | null;
};

/** The columns that say who did something, with the name they had then. */
export function authorColumns({ id, name, session }: Author) {
  return session
    ? { keyId: null, keyName: null, userId: session.userId, userName: session.name }
    : { keyId: id, keyName: name, userId: null, userName: null };
}

export const namedOrNull = (id: number | null, name: string | null): { id: string; name: string } | null =>
  id === null ? null : { id: String(id), name: name ?? '' };
