import { createServer } from 'node:net';
import { StartError } from './data-folder.ts';

/**
 * Listens for a moment where the product is going to, since the runtime says less of what is wrong.
 * @throws StartError naming the setting.
 */
export async function checkAddress({ host, port }: { host: string; port: number }): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  } catch (error) {
    throw new StartError(explain(error, { host, port }), { cause: error });
  }
}

function explain(error: unknown, { host, port }: { host: string; port: number }): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'EADDRINUSE') return `Something else listens on port ${port} of ${host} already. PORT names another.`;
  if (code === 'EACCES') return `PORT is ${port}: this user may not listen there. Use a port from 1024 on.`;
  return `HOST is "${host}": this machine cannot listen there (${code}). Use 127.0.0.1, ::1, 0.0.0.0 or an address of this machine.`;
}
