import createFetchClient from 'openapi-fetch';
import type { Client, MaybeOptionalInit, Middleware } from 'openapi-fetch';
import type { components, paths as describedPaths } from './api-types.ts';

/**
 * A typed client of Kilde's API: `openapi-fetch` with the key, retries, problems as errors, and lists as async iterators.
 */

/**
 * The description has the parameters of a list as the properties of one, `query`, which stands for names of the query string itself. Here
 * they are named as they are sent: `query: { limit: 5, sort: '-createdAt' }`. Conditions stay together: `filter: { 'createdAt[after]': … }`.
 */
type FlatQuery<Query> = Query extends { query?: infer Own } ? Omit<Query, 'query'> & NonNullable<Own> : Query;
type FlatParameters<Parameters> = Parameters extends { query: infer Query }
  ? Omit<Parameters, 'query'> & { query: FlatQuery<Query> }
  : Parameters extends { query?: infer Query }
    ? Omit<Parameters, 'query'> & { query?: FlatQuery<NonNullable<Query>> }
    : Parameters;
type FlatOperation<Operation> = Operation extends { parameters: infer Parameters }
  ? Omit<Operation, 'parameters'> & { parameters: FlatParameters<Parameters> }
  : Operation;
export type paths = {
  [Path in keyof describedPaths]: {
    [Method in keyof describedPaths[Path]]: FlatOperation<describedPaths[Path][Method]>;
  };
};

export type { components };
export type Schemas = components['schemas'];

/** The stable code of a problem. docs/errors.md has a paragraph for each. */
export type ProblemCode = Schemas['Problem']['code'];

/** A refused or failed request. `code` says what went wrong, `errors` where, `requestId` which request it was. */
export class KildeProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: NonNullable<Schemas['Problem']['errors']>;
  readonly requestId: string | null;

  constructor(
    problem: Partial<Schemas['Problem']>,
    { status, requestId }: { status: number; requestId: string | null },
  ) {
    super(problem.detail ?? `The answer is ${status}.`);
    this.name = 'KildeProblem';
    this.code = problem.code ?? (status >= 500 ? 'unavailable' : 'bad_request');
    this.status = status;
    this.errors = problem.errors ?? [];
    this.requestId = problem.requestId ?? requestId;
  }
}

/** Whether an error is the problem of this code; its type then says so. */
export function isProblem<const Code extends ProblemCode>(
  error: unknown,
  code: Code,
): error is KildeProblem & { code: Code } {
  return error instanceof KildeProblem && error.code === code;
}

export type ClientOptions = {
  /** Where Kilde is, for example `https://edge.example.com`. */
  baseUrl: string;
  /** An API key. Unset: what the browser sends by itself. */
  key?: string;
  fetch?: (request: Request) => Promise<Response>;
  /** How often a request is tried in all. 3 where unset. */
  tries?: number;
  /** Resolves after some milliseconds. Tests give one that does not wait. */
  wait?: (milliseconds: number) => Promise<void>;
};

export type KildeClient = Client<paths, 'application/json'> & {
  /** The records of a list, page after page. */
  each<Path extends ListPath>(path: Path, init?: ListInit<Path>): AsyncGenerator<ItemOf<Path>, void, undefined>;
};

type GetOf<Path extends keyof paths> = paths[Path] extends { get: infer Get } ? Get : never;
type JsonOf<Operation> = Operation extends { responses: { 200: { content: { 'application/json': infer Body } } } }
  ? Body
  : never;
/** The paths whose GET answers a list. */
export type ListPath = {
  [Path in keyof paths]: JsonOf<GetOf<Path>> extends { items: unknown[]; nextCursor: unknown } ? Path : never;
}[keyof paths];
export type ItemOf<Path extends keyof paths> = JsonOf<GetOf<Path>> extends { items: Array<infer Item> } ? Item : never;
type ListInit<Path extends keyof paths> = MaybeOptionalInit<paths[Path], 'get'>;

/**
 * @example
 *   const kilde = createClient({ baseUrl: 'https://edge.example.com', key });
 *   const { data } = await kilde.GET('/api/v1/people/{id}', { params: { path: { id: '1' } } });
 *   for await (const person of kilde.each('/api/v1/people', { params: { query: { limit: 100 } } })) …
 */
export function createClient({
  baseUrl,
  key,
  fetch: send = (request) => globalThis.fetch(request),
  tries = 3,
  wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}: ClientOptions): KildeClient {
  const client = createFetchClient<paths, 'application/json'>({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }),
    querySerializer: queryText,
    fetch: async (request) => sendWithRetries({ request, send, tries, wait }),
  });
  client.use(problemsAsErrors);
  return Object.assign(client, {
    async *each<Path extends ListPath>(path: Path, init?: ListInit<Path>) {
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- needed once the types of the API are generated
      const given = init as { params?: { query?: Record<string, unknown> } } | undefined;
      let cursor: string | null | undefined;
      do {
        const query = { ...given?.params?.query, ...(cursor ? { cursor } : {}) };
        const asked = { ...given, params: { ...given?.params, query } };
        const { data } = await client.GET(path as never, asked as never);
        const page = data as unknown as { items: Array<ItemOf<Path>>; nextCursor: string | null };
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor);
    },
  });
}

/** The query string: an object's members under their own names, as its conditions are. */
function queryText(query: Record<string, unknown>): string {
  const members = Object.entries(query).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value as Record<string, unknown>)
      : [[name, value] as const],
  );
  const given = members.filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

const problemsAsErrors: Middleware = {
  async onResponse({ response }) {
    // 304 is an answer to a question of the caller's own.
    if (response.ok || response.status === 304) return;
    const isProblemBody = response.headers.get('content-type')?.startsWith('application/problem+json');
    const problem = isProblemBody ? ((await response.json()) as Partial<Schemas['Problem']>) : {};
    throw new KildeProblem(problem, { status: response.status, requestId: response.headers.get('x-request-id') });
  },
};

/** Methods that do the same when they are sent twice. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const retriedStatuses = new Set([429, 502, 503, 504]);
const firstPauseMs = 500;
const maxPauseMs = 60_000;

/**
 * Sends a request again after a fault that may pass: a connection that fails, or 429, 502, 503, 504. Only where the same request sent
 * twice does the same. `Retry-After` says when; without it the pauses double from half a second.
 */
async function sendWithRetries({
  request,
  send,
  tries,
  wait,
}: Required<Pick<ClientOptions, 'tries' | 'wait'>> & {
  request: Request;
  send: NonNullable<ClientOptions['fetch']>;
}): Promise<Response> {
  const mayRepeat = idempotent.has(request.method);
  for (let tried = 1; ; tried += 1) {
    const isLast = !mayRepeat || tried >= tries;
    const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** (tried - 1));
    try {
      const response = await send(isLast ? request : request.clone());
      if (isLast || !retriedStatuses.has(response.status)) return response;
      await response.body?.cancel();
      await wait(retryAfterMs(response) ?? pauseMs);
    } catch (error) {
      if (isLast || request.signal.aborted) throw error;
      await wait(pauseMs);
    }
  }
}

/** `Retry-After` in seconds, as Kilde sends it; bounded. */
function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(maxPauseMs, seconds * 1_000) : null;
}
