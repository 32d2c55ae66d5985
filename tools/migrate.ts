import { migrate } from './migrations.ts';

/** `npm run migrate`: brings the database at LIBSQL_URL up to date. */
const url = process.env['LIBSQL_URL'];
if (!url) {
  console.error('LIBSQL_URL is not set: the address of the libSQL database.');
  process.exit(1);
}
const authToken = process.env['LIBSQL_AUTH_TOKEN'];
const done = await migrate({ url: url.replace(/^libsql:/, 'https:'), ...(authToken ? { authToken } : {}) });
console.log(done.length > 0 ? `Migrated: ${done.join(', ')}` : 'Nothing to migrate.');
