import type { Database } from '../../client.ts';

/**
 * Writes something and takes it back, in one transaction that is committed: a full disk refuses it. One change alone would not do, since
 * SQLite leaves a page as it is where a row is written as it was.
 * @throws what the client throws.
 */
export async function tryWrite({ $client }: Pick<Database, '$client'>): Promise<void> {
  await $client.batch(
    ['UPDATE settings SET version = version + 1', 'UPDATE settings SET version = version - 1'],
    'write',
  );
}
