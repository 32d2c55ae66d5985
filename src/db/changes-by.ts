import type { Client, InStatement } from '@libsql/client/http';
import type { ChangeVia } from '../domain/people/record-history.ts';
import { databaseOver } from './client.ts';
import type { Database } from './client.ts';
import { defineStatement } from './statement.ts';

/** Who changes records, and how. `none`: the changes are not noted. */
export type ChangeAuthor = {
  /** In milliseconds. */
  at: number;
  via: ChangeVia | 'none';
  keyId: number | null;
  keyName: string | null;
  userId: number | null;
  userName: string | null;
};

/** An erasure, or a format that changes: nothing that anybody did. */
export const notNoted: ChangeAuthor = { at: 0, via: 'none', keyId: null, keyName: null, userId: null, userName: null };

const begin = defineStatement(
  `INSERT INTO change_author (at, via, key_id, key_name, user_id, user_name) VALUES (:at, :via, :keyId, :keyName, :userId, :userName)`,
);
/** The condition makes it a search, and no scan. */
const end = defineStatement('DELETE FROM change_author WHERE id > 0');

/**
 * The same database, for somebody who changes records: every transaction that writes names the author, whom the history of the records
 * it changes then names (program/record-changes.ts). It costs no round trip.
 */
export function changesBy(db: Database, author: ChangeAuthor): Database {
  const client = db.$client;
  const batch = async (statements: InStatement[], mode?: 'read' | 'write' | 'deferred') => {
    if (mode === 'read' || !statements.some(isWriting)) return client.batch(statements, mode);
    const results = await client.batch([begin(author), ...statements, end({})], mode);
    return results.slice(1, -1);
  };
  const execute = async (statement: InStatement) => (await batch([statement]))[0]!;
  const methods: Record<string | symbol, unknown> = { batch, execute };
  return databaseOver(
    new Proxy<Client>(client, {
      get(target, name) {
        if (Object.hasOwn(methods, name)) return methods[name];
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    }),
  );
}

function isWriting(statement: InStatement): boolean {
  return !/^\s*select\b/i.test(typeof statement === 'string' ? statement : statement.sql);
}
