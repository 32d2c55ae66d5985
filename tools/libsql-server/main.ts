// node tools/libsql-server/main.ts --path FILE | --directory DIR [--port N] [--host H]; token in LIBSQL_AUTH_TOKEN.
import { parseArgs } from 'node:util';
import { startLibsqlServer } from './start-libsql-server.ts';
import type { LibsqlServerOptions } from './start-libsql-server.ts';

const { values } = parseArgs({
  options: {
    path: { type: 'string' },
    directory: { type: 'string' },
    port: { type: 'string', default: '8080' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});

const options: LibsqlServerOptions = { port: Number(values.port), host: values.host };
if (values.path !== undefined) options.path = values.path;
if (values.directory !== undefined) options.directory = values.directory;
const authToken = process.env['LIBSQL_AUTH_TOKEN'];
if (authToken) options.authToken = authToken;

const server = await startLibsqlServer(options);
// A parent process waits for this line and reads the URL from it.
console.log(`libSQL listening on ${server.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void server.close().then(() => process.exit(0));
  });
}
