import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is refused before it is read. */
export type Refusal = { status: number; text: string };

/**
 * Refuses what no client of this server sends: a page in a browser can reach a port of its own machine, by any name that resolves to it,
 * with a body of a type that needs no permission, and then names its origin. The token stops other programs, this stops pages.
 */
export function createRequestGuard({ host }: { host: string }): {
  setPort(port: number): void;
  check(headers: IncomingHttpHeaders, options: { isPipeline: boolean }): Refusal | null;
} {
  let port = 0;

  function isOwnHost(given: string | undefined): boolean {
    if (given === undefined || !URL.canParse(`http://${given}/`)) return false;
    const url = new URL(`http://${given}/`);
    if (url.host !== given.toLowerCase() && url.host !== given.toLowerCase().replace(/:80$/, '')) return false;
    if (Number(url.port || 80) !== port) return false;
    const name = url.hostname.replace(/^\[|\]$/g, '');
    if (name === 'localhost' || name === '127.0.0.1' || name === '::1' || name === host.toLowerCase()) return true;
    // Bound to every address of the machine: each is its own, but a name can be anybody's.
    return (host === '0.0.0.0' || host === '::') && isIP(name) !== 0;
  }

  return {
    setPort: (given) => void (port = given),
    check(headers, { isPipeline }) {
      if (!isOwnHost(headers.host)) return { status: 403, text: 'The Host header is not the name of this server' };
      if (headers.origin !== undefined) return { status: 403, text: 'Requests of web pages are refused' };
      if (!isPipeline) return null;
      if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) {
        return { status: 415, text: 'The body of a pipeline must be application/json' };
      }
      return null;
    },
  };
}
