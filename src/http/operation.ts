import { Hono } from 'hono';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import * as z from 'zod';
import { tooMuchForDatabase } from '../db/too-much-for-database.ts';
import { KildeError, notFound } from '../domain/errors.ts';
import type { ListFormat, ListInfo, ListParameters, ListQuery } from '../domain/lists/list-info.ts';
import { parseListQuery } from '../domain/lists/parse-list-query.ts';
import { parseJson } from '../domain/parse-json.ts';
import { allowText, answerOtherMethod } from './allowed-methods.ts';
import { authenticate } from './auth.ts';
import { exposedHeaders } from './cors-headers.ts';
import type { Actor, Scope } from './auth.ts';
import type { Deps } from './deps.ts';
import { entityTagOf, refuseStale } from './etag.ts';
import { ratePolicyText } from './limit-rate.ts';
import { logFault, noteFault } from './log-fault.ts';
import { problemResponse } from './problem.ts';
import { parseInput } from './parse-input.ts';
import { toShownJson } from '../domain/hosts/shown-hosts.ts';
import { leaveOutUnchanged } from './unchanged-members.ts';
import { readBodyText } from './read-body.ts';
import { requestIdOf } from './request-id.ts';
import { writeAuditEntry } from '../services/settings/audit-log.ts';

/** One endpoint of the API, declared once: the router, validation, authorisation and openapi.json read it. */
export type Operation = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, in Hono's form: `/people/:id`. */
  path: string;
  summary: string;
  /** What the key must allow; null: no key is needed. */
  scope: Scope | null;
  query?: z.ZodObject;
  /** Set where the answer is a list: the query string is read by its declaration (docs/lists.md). */
  list?: ListInfo;
  /** Set where the record of the path decides which list it is: the handler gets the query string as it was sent. */
  listByRecord?: true;
  body?: z.ZodType;
  /** Shape of the answer, for openapi.json. None: 204, or a body of another type. */
  response?: z.ZodType;
  /** Whether a request without a body is one with `{}`. */
  emptyBody?: boolean;
  /** Status of success; 200, or 204 where there is no answer. */
  status?: 200 | 201 | 202 | 204;
  /** Largest body in bytes; 1 MiB where unset. */
  maxBodyBytes?: number;
  /** Refuses a body by how much it holds, before each member of it is read: it throws a KildeError `too_expensive`. */
  refuse?: (body: unknown) => void;
  /**
   * Whether the audit log tells of it. Unset: what needs the scope `admin` and changes something, and whatever deletes. A file
   * that is taken out is told of in any case. What machines send all day is not.
   */
  audit?: boolean;
  /** Whether a key to the one report of the path will do, also as `?key=`. */
  byLink?: boolean;
  /** Whether it is about the user who is signed in: no key will do. */
  bySession?: boolean;
  /** Media type of an answer that is not JSON. */
  produces?: string;
  /** Of a PATCH: the path of the GET that shows the record in the shape that the PATCH takes. Its own path where unset. */
  shownAt?: string;
  /** Of an answer with 201: the path below which the new record stands by its id. Its own path where unset. */
  madeAt?: string;
  /** Of a PUT of many: the records that the items are sent for, as GET shows them, each at its item's place. */
  readItems?: (deps: Deps, items: readonly object[]) => Promise<ReadonlyArray<object | undefined>>;
};

export type OperationInput<Op extends Operation> = {
  c: Context;
  deps: Deps;
  /** Whose key was sent. */
  actor: Actor;
  /** Path parameters. */
  params: Record<string, string>;
  query: Op['list'] extends ListInfo
    ? Op['listByRecord'] extends true
      ? ListParameters
      : ListQuery
    : Op['query'] extends z.ZodType
      ? z.output<Op['query']>
      : Record<string, never>;
  body: Op['body'] extends z.ZodType ? z.output<Op['body']> : undefined;
};

type Handler<Op extends Operation> = (input: OperationInput<Op>) => Promise<unknown>;

/** Who asks without a key. */
const nobody: Actor = { id: null, name: null, isAdmin: false, session: null, ownerId: null };

/** Keys travel in a header that no browser adds by itself, so any origin may ask. */
const commonHeaders: ReadonlyArray<readonly [name: string, value: string]> = [
  ['access-control-allow-origin', '*'],
  ['access-control-expose-headers', exposedHeaders],
  ['ratelimit-policy', ratePolicyText('failedKeys')],
];
const takenHeaders = 'Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID';

const isPreflight = (c: Context): boolean =>
  c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;

/** The addresses of a path in Hono's form. */
const patternOf = (base: string, path: string): RegExp =>
  new RegExp(`^${base}${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);

const noParameters = z.strictObject({});

const defaultMaxBodyBytes = 1024 * 1024;

/**
 * The API below `/api/v1`. `define` adds an endpoint; its handler gets valid input and answers with a value (sent as
 * JSON), with nothing (204), or with a `Response` of its own.
 */
export class Api {
  readonly router: Hono;
  readonly operations: Operation[] = [];
  /** The methods of each path without a parameter: such an address is no record, also where it looks like one's. */
  #fixed = new Map<string, string[]>();
  /** The handlers of GET, by path. */
  #readers = new Map<string, { operation: Operation; handler: Handler<Operation> }>();
  /** The paths of GET that show what a PATCH changes: their answers have an ETag, which `If-Match` can name. */
  #changed = new Map<string, Operation>();
  #deps: Deps;
  #base: string;

  /** @param base the path below which the endpoints stand. */
  constructor(deps: Deps, base = '/api/v1') {
    this.#deps = deps;
    this.#base = base;
    this.router = new Hono().basePath(base);
    this.router.use(async (c, next) => {
      await next();
      // Set on the answer itself: one that was fetched, or is a redirect, is made anew first.
      c.res = new Response(c.res.body, c.res);
      for (const [name, value] of commonHeaders) {
        if (!c.res.headers.has(name)) c.res.headers.set(name, value);
      }
      if (!c.res.headers.has('x-request-id')) c.res.headers.set('x-request-id', requestIdOf(c));
    });
    this.router.onError((error, c) =>
      problemResponse(noteFault(error, { c, route: `${c.req.method} ${routePath(c)}` }), { c }),
    );
    this.router.notFound(async (c) => this.#answerUnknown(c));
  }

  /** The answer where no operation has this method at this address: 405, the preflight of a browser, or 404. */
  async #answerUnknown(c: Context): Promise<Response> {
    const methods =
      this.#fixed.get(c.req.path.slice(this.#base.length)) ??
      this.operations.filter(({ path }) => patternOf(this.#base, path).test(c.req.path)).map(({ method }) => method);
    if (methods.length > 0 || isPreflight(c)) {
      const allow = allowText(methods);
      const answer = answerOtherMethod(c, allow);
      answer.headers.set('access-control-allow-methods', allow);
      answer.headers.set('access-control-allow-headers', takenHeaders);
      answer.headers.set('access-control-max-age', '86400');
      return answer;
    }
    try {
      await authenticate({ c, deps: this.#deps, scope: 'read' });
    } catch (error) {
      return problemResponse(error, { c });
    }
    return problemResponse(notFound('endpoint'), { c });
  }

  define<const Op extends Operation>(operation: Op, handler: Handler<Op>): void {
    this.operations.push(operation);
    const hasParameter = operation.path.includes(':');
    if (!hasParameter) {
      this.#fixed.set(operation.path, [...(this.#fixed.get(operation.path) ?? []), operation.method]);
    }
    if (operation.method === 'get') this.#readers.set(operation.path, { operation, handler });
    if (operation.method === 'patch') this.#changed.set(operation.shownAt ?? operation.path, operation);
    this.router.on(operation.method.toUpperCase(), operation.path, async (c) => {
      if (hasParameter && this.#fixed.has(c.req.path.slice(this.#base.length))) return this.#answerUnknown(c);
      const { scope } = operation;
      const actor =
        scope === null
          ? nobody
          : await authenticate({
              c,
              deps: this.#deps,
              scope,
              reportId: operation.byLink ? c.req.param('id') : undefined,
            });
      if (operation.bySession && !actor.session) {
        throw new KildeError('forbidden', 'This is about the user who is signed in: a key is of no user.');
      }
      const query = operation.list
        ? readListQuery({ c, operation, list: operation.list })
        : parseQuery({ c, schema: operation.query ?? noParameters });
      if (operation.method === 'patch' && c.req.header('if-match') !== undefined) {
        await refuseStale(c, await this.#readCurrent({ c, operation, actor }));
      }
      const body = operation.body ? await this.#readBody({ c, operation, actor }) : undefined;
      const input = { c, deps: this.#deps, actor, params: c.req.param(), query, body } as unknown as OperationInput<Op>;
      const answer = await handler(input).catch((error: unknown) => {
        throw tooMuchForDatabase(error) ?? error;
      });
      const response = toResponse(c, answer, operation);
      addLocation({ c, base: this.#base, operation, response, answer });
      if (this.#showsRecord(operation) && isObject(answer) && !response.headers.has('etag')) {
        response.headers.set('etag', await entityTagOf(JSON.stringify(answer)));
      }
      const isFile = response.headers.has('content-disposition');
      if (isFile || (isAudited(operation) && !isTrial(body)))
        await this.#audit({ c, operation, actor, status: response.status });
      return response;
    });
  }

  /** The body, without members that are as the record has them and that nobody may write. */
  async #readBody({ c, operation, actor }: { c: Context; operation: Operation; actor: Actor }): Promise<unknown> {
    const value = await readJson(c, operation);
    const schema = operation.body!;
    try {
      return parseInput({ schema, value, root: 'body' });
    } catch (error) {
      const changed = isObject(value) ? await this.#leaveOutUnchanged({ c, operation, actor, value }) : null;
      if (!changed) throw error;
      return parseInput({ schema, value: changed, root: 'body' });
    }
  }

  /** Null where the operation changes no record that a GET shows. The record is read only where a body is not valid as it is. */
  async #leaveOutUnchanged({
    c,
    operation,
    actor,
    value,
  }: {
    c: Context;
    operation: Operation;
    actor: Actor;
    value: object;
  }): Promise<object | null> {
    const { body: schema, readItems, method } = operation;
    if (!(schema instanceof z.ZodObject)) return null;
    if (readItems) {
      const { items } = value as { items?: unknown };
      const itemSchema = (schema.shape['items'] as z.ZodArray | undefined)?.element;
      if (!Array.isArray(items) || !items.every(isObject) || !(itemSchema instanceof z.ZodObject)) return null;
      const current = await readItems(this.#deps, items);
      const changed = items.map((item, index) =>
        current[index]
          ? leaveOutUnchanged(item, { schema: itemSchema, current: current[index], location: `body.items[${index}]` })
          : item,
      );
      return { ...value, items: changed };
    }
    const current = method === 'patch' ? await this.#readCurrent({ c, operation, actor }) : undefined;
    return isObject(current) ? leaveOutUnchanged(value, { schema, current, location: 'body' }) : null;
  }

  /** Whether the answer is the record as GET shows it, and a PATCH can change it. */
  #showsRecord({ method, path, shownAt = path, response }: Operation): boolean {
    if (method === 'get') return this.#changed.has(path);
    return method === 'patch' && this.#readers.get(shownAt)?.operation.response === response;
  }

  /** The record that a PATCH changes, as GET shows it; undefined where no GET does. */
  async #readCurrent({ c, operation, actor }: { c: Context; operation: Operation; actor: Actor }): Promise<unknown> {
    const reader = this.#readers.get(operation.shownAt ?? operation.path);
    if (!reader) return undefined;
    const query = reader.operation.query
      ? parseInput({ schema: reader.operation.query, value: {}, root: 'query' })
      : {};
    const input = { c, deps: this.#deps, actor, params: c.req.param(), query, body: undefined };
    const answer = await reader.handler(input as unknown as OperationInput<Operation>);
    return answer instanceof Response && answer.status === 200 ? answer.json() : answer;
  }

  /** What was done is done: where it cannot be noted, the log says so, and the answer stands. */
  async #audit({ c, operation, actor, status }: { c: Context; operation: Operation; actor: Actor; status: number }) {
    const name = `${operation.method.toUpperCase()} ${operation.path}`;
    try {
      await writeAuditEntry(this.#deps, { actor, operation: name, target: c.req.param(), status });
    } catch (error) {
      logFault(error, `audit of ${name}`);
    }
  }
}

export function isAudited({ audit, scope, method }: Operation): boolean {
  return audit ?? (method === 'delete' || (scope === 'admin' && method !== 'get'));
}

/** Whether a change is tried and not made. */
const isTrial = (body: unknown): boolean => isObject(body) && 'dryRun' in body && body.dryRun === true;

function toResponse(c: Context, answer: unknown, { status = 200 }: Operation): Response {
  if (answer instanceof Response) return answer;
  c.header('cache-control', 'no-store');
  if (answer === undefined) return c.body(null, 204);
  return answerJson(c, answer, status);
}

/** A JSON answer, with hosts as people write them. */
export function answerJson(c: Context, value: unknown, status = 200): Response {
  return c.body(toShownJson(value), status as 200, { 'content-type': 'application/json' });
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Response);

/** A 201 names the record that was made. */
function addLocation({
  c,
  base,
  operation,
  response,
  answer,
}: {
  c: Context;
  base: string;
  operation: Operation;
  response: Response;
  answer: unknown;
}): void {
  if (response.status !== 201 || response.headers.has('location') || !isObject(answer) || !('id' in answer)) return;
  const path = (operation.madeAt ?? operation.path).replaceAll(/:(\w+)/g, (_, name: string) => c.req.param(name) ?? '');
  response.headers.set('location', `${base}${path}/${encodeURIComponent(String(answer.id))}`);
}

function parseQuery({ c, schema }: { c: Context; schema: z.ZodObject }): unknown {
  const value = Object.fromEntries(new URL(c.req.url).searchParams);
  return parseInput({ schema, value, root: 'query' });
}

/** The format may be asked for by the Accept header too. */
function readListQuery({
  c,
  operation,
  list,
}: {
  c: Context;
  operation: Operation;
  list: ListInfo;
}): ListQuery | ListParameters {
  const parameters = [...new URL(c.req.url).searchParams];
  const format = acceptedFormat(c);
  if (format !== 'json' && parameters.every(([name]) => name !== 'format')) parameters.push(['format', format]);
  return operation.listByRecord ? parameters : parseListQuery(parameters, list);
}

/** What the Accept header asks for of a list. */
export function acceptedFormat(c: Context): ListFormat {
  const accept = c.req.header('accept') ?? '';
  if (/\btext\/csv\b/i.test(accept)) return 'csv';
  if (/\bapplication\/(x-)?ndjson\b/i.test(accept)) return 'ndjson';
  return 'json';
}

async function readJson(
  c: Context,
  { maxBodyBytes = defaultMaxBodyBytes, refuse, emptyBody = false }: Operation,
): Promise<unknown> {
  const type = c.req.header('content-type') ?? '';
  // A body of no bytes can arrive as a stream that ends at once.
  if (emptyBody && type === '' && (await readBodyText({ request: c.req.raw, maxBytes: maxBodyBytes })) === '')
    return {};
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) {
    throw new KildeError('unsupported_media_type', 'Send the body as application/json.');
  }
  const text = await readBodyText({ request: c.req.raw, maxBytes: maxBodyBytes });
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    const message = (error as Error).message;
    throw new KildeError('bad_request', `The body cannot be read: ${message}.`, [{ location: 'body', message }]);
  }
  refuse?.(value);
  return value;
}
