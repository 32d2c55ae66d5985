import { Column, getTableName, Name, SQL, StringChunk, Table } from 'drizzle-orm';
import type { QueryWithTypings, SQLChunk } from 'drizzle-orm';
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core';

/**
 * Drizzle's own, but statements are written in one pass. Drizzle makes a query of each piece and joins them at every level, which
 * takes longer than the database for most statements here: some have hundreds of pieces.
 */
class Dialect extends SQLiteAsyncDialect {
  override sqlToQuery(statement: SQL): QueryWithTypings {
    const query = { sql: '', params: [] as unknown[] };
    this.#write(statement, query);
    return query;
  }

  #write(chunk: SQLChunk, query: { sql: string; params: unknown[] }): void {
    if (chunk instanceof StringChunk) {
      for (const text of chunk.value) query.sql += text;
    } else if (chunk instanceof SQL) {
      for (const part of chunk.queryChunks) this.#write(part, query);
    } else if (chunk instanceof Column) {
      query.sql += `${this.escapeName(getTableName(chunk.table))}.${this.escapeName(chunk.name)}`;
    } else if (chunk instanceof Table) {
      query.sql += this.escapeName(getTableName(chunk));
    } else if (chunk instanceof Name) {
      query.sql += this.escapeName(chunk.value);
    } else if (typeof chunk === 'object' && chunk !== null) {
      const { sql, params } = super.sqlToQuery(new SQL([chunk]));
      query.sql += sql;
      query.params.push(...params);
    } else if (chunk !== undefined) {
      query.sql += '?';
      query.params.push(chunk);
    }
  }
}

export const dialect = new Dialect();
