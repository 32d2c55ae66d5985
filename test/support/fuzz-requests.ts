import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import * as z from 'zod';
import type { Operation } from '../../src/http/operation.ts';
import { nastyText, ofSchema } from './schema-arbitrary.ts';

/** A request that is built like a real one and wrong in places. */
export type FuzzRequest = { path: string; method: string; headers: Record<string, string>; body?: string };

/** Header values that a client can send at all. */
const headerText = nastyText.map((text) =>
  text
    .replaceAll(/[^\t\x20-\x7e]/g, '')
    .trim()
    .slice(0, 500),
);
const address = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  nastyText,
  fc.constantFrom(
    'https://firma.no/?utm_source=%F0%28&utm_medium=%',
    'http://[::1]/',
    'https://xn--/',
    'about:blank',
    'https://a.b?gclid=',
  ),
);
const headers = fc.record(
  {
    accept: fc.constantFrom('text/html', 'application/json', '*/*', 'text/csv;q=x'),
    origin: fc.oneof(fc.constantFrom('null', 'https://firma.no'), headerText),
    referer: address.map((text) => text.replaceAll(/[^\x21-\x7e]/g, '')),
    'user-agent': headerText,
    cookie: fc
      .tuple(fc.constantFrom('kj', '__Host-kj', 'kilde', 'kilde_journey'), headerText)
      .map(([name, value]) => `${name}=${value}`),
    'sec-fetch-site': fc.constantFrom('cross-site', 'same-origin', 'none', 'x'),
    'sec-fetch-mode': fc.constantFrom('navigate', 'cors', 'x'),
    'sec-gpc': fc.constantFrom('1', '0'),
    'idempotency-key': headerText,
    'accept-language': headerText,
  },
  { requiredKeys: [] },
);

/** Forms in every encoding, with fields that mean something and fields that do not. */
export function formRequests(): Arbitrary<FuzzRequest> {
  const name = fc.oneof(
    fc.constantFrom(
      'email',
      'e-post',
      'name',
      'company',
      'message',
      '_next',
      '_gotcha',
      '_page',
      '_journey',
      '_id',
      '_t',
      '_ref',
      'utm_source',
      'utm_medium',
      'gclid',
      'orgnr',
      'phone',
    ),
    nastyText,
  );
  const anyFields = fc.array(fc.tuple(name, fc.oneof(fc.constant('kari@firma.no'), address, nastyText)), {
    maxLength: 8,
  });
  // A form without an address gets no further than that.
  const fields = fc
    .tuple(fc.constantFrom('kari@firma.no', 'Ola@Firma.no', null), anyFields)
    .map(([email, list]): Array<[string, string]> => (email === null ? list : [['email', email], ...list]));
  const body = fc.oneof(
    fields.map((list) => ({ type: 'application/x-www-form-urlencoded', text: new URLSearchParams(list).toString() })),
    fields.map((list) => ({ type: 'application/json', text: JSON.stringify(Object.fromEntries(list)) })),
    fc.jsonValue().map((value) => ({ type: 'application/json', text: JSON.stringify(value) })),
    fields.map((list) => ({
      type: 'multipart/form-data; boundary=x',
      text: `${list.map(([key, value]) => `--x\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`).join('')}--x--`,
    })),
    nastyText.map((text) => ({ type: 'application/x-www-form-urlencoded', text })),
  );
  const form = fc.oneof({ weight: 8, arbitrary: fc.constant('demo') }, { weight: 1, arbitrary: nastyText });
  return fc.tuple(form, body, headers).map(([key, { type, text }, given]) => ({
    path: `/f/${encodeURIComponent(key.toWellFormed())}`,
    method: 'POST',
    headers: { ...given, 'content-type': type },
    body: text,
  }));
}

/** Touches, links, pages, and what is at none of Kilde's addresses. */
export function arrivalRequests(): Arbitrary<FuzzRequest> {
  const path = fc.oneof(
    fc
      .tuple(address, address, fc.oneof(fc.constant('default'), nastyText))
      .map(([u, r, site]) => `/t?${new URLSearchParams({ u, r, site })}`),
    nastyText.map((text) => `/l/${encodeURIComponent(text.toWellFormed())}`),
    nastyText.map((text) => `/l/go?${new URLSearchParams({ utm_term: text })}`),
    nastyText.map((text) => `/${encodeURIComponent(text.toWellFormed())}`),
    fc.constantFrom('/health', '/k.js', '/demo', '/f/demo', '/f/demo/thanks', '/api/v1', '/t', '/l/go'),
  );
  const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT');
  return fc.tuple(path, method, headers).map(([url, verb, given]) => ({ path: url, method: verb, headers: given }));
}

/** Cursors that decode, to values that no page ended at: half pairs, NUL, numbers past what columns hold. */
const cursors: Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      String.raw`"\ud800"`,
      String.raw`"\udc00x"`,
      String.raw`"\u0000"`,
      '1e400',
      '-0',
      '9223372036854775808',
      '1',
      '1.5',
      'null',
      '"x"',
      '[[[]]]',
      '"2026-08-01"',
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((parts) =>
    fc.constantFrom(
      `[${parts.join(',')}]`,
      `{"s":"createdAt desc","v":[${parts[0]}],"k":${parts.at(-1)}}`,
      '['.repeat(300) + ']'.repeat(300),
    ),
  )
  .map((json) => btoa(json).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''));

/** Now and then with a cursor that decodes, where the shape has one. */
function withCursor(values: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(values, fc.option(cursors))
    .map(([value, cursor]) =>
      cursor !== null && typeof value === 'object' && value !== null && 'cursor' in value
        ? { ...value, cursor }
        : value,
    );
}

/** Texts of JSON that hurt who reads them: of half a surrogate pair, of NUL, of numbers past a double. */
const hostileJson = [String.raw`"\ud800\u0000"`, String.raw`{"\udc00":"\ud800"}`, '1e400', '-0', '9223372036854775808'];
/** Nested so deep that whoever walks it needs a bound. */
const deepJson = [
  '['.repeat(90_000) + ']'.repeat(90_000),
  String.raw`["\ud800",` + '['.repeat(90_000) + ']'.repeat(90_000) + ']',
];
/** As many wrong members as a list may have anywhere: their faults are more than a call takes arguments. */
const longJson = `[${'{},'.repeat(99_999)}{}]`;

const hostileCursors = [
  String.raw`[1,"\ud800"]`,
  String.raw`["\ud800","\ud800","2026-08-01"]`,
  String.raw`["2026-08-01","\udc00"]`,
  String.raw`[1,"\u0000"]`,
  '[1e400,1]',
  '[9223372036854775808,1]',
  '['.repeat(150) + ']'.repeat(150),
].map((json) => btoa(json).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''));

const hostileTexts = ['%00', '%ED%A0%80', '%FF', '%', '['.repeat(5_000), '1e400', '-0', '9223372036854775808'];

/** Every operation with each of its members, parameters and ids replaced by what hurts. */
export function hostileRequests(operations: readonly Operation[], key: string): FuzzRequest[] {
  return operations.flatMap((operation) => {
    const method = operation.method.toUpperCase();
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const pathOf = (id: string) => `/api/v1${operation.path.replaceAll(/:\w+/g, id)}`;
    const membersOf = (schema: z.ZodType) =>
      Object.entries(
        (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })['properties'] ?? {}) as Record<string, object>,
      );
    const names = (schema: z.ZodType) => membersOf(schema).map(([name]) => name);
    const bodies = operation.body
      ? [
          ...hostileJson,
          ...deepJson,
          ...membersOf(operation.body).flatMap(([name, member]) =>
            [...hostileJson, ...('items' in member ? [longJson] : [])].map(
              (json) => `{${JSON.stringify(name)}:${json}}`,
            ),
          ),
        ]
      : [];
    const queries = operation.query
      ? names(operation.query).flatMap((name) =>
          (name === 'cursor' ? hostileCursors : hostileTexts).map((text) => `${name}=${text}`),
        )
      : [];
    const ids = operation.path.includes(':') ? hostileTexts.filter((text) => text !== '%') : [];
    return [
      ...bodies.map((body) => ({ path: pathOf('1'), method, headers, body })),
      ...queries.map((query) => ({
        path: `${pathOf('1')}?${query}`,
        method,
        headers,
        ...(operation.body && { body: '{}' }),
      })),
      ...ids.map((id) => ({ path: pathOf(id), method, headers, ...(operation.body && { body: '{}' }) })),
    ];
  });
}

/** JSON that `JSON.stringify` does not write: numbers past a double, and minus nothing. */
const hurt = (json: string): string => json.replaceAll(/:1(?=[,}])/g, ':1e400').replaceAll(/:2(?=[,}])/g, ':-0');

/** Every operation of the API, by the shapes it declares. */
export function apiRequests(operations: readonly Operation[], key: string): Arbitrary<FuzzRequest> {
  const shape = (schema: z.ZodType) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  const requests = operations.map((operation) => {
    const ids = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('1', '2', 'top-paths') },
      { weight: 1, arbitrary: nastyText },
    );
    const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)) ?? '';
    return fc.record({
      operation: fc.constant(operation),
      ids: fc.array(ids, { minLength: 3, maxLength: 3 }),
      query: operation.query
        ? withCursor(ofSchema(shape(operation.query))).map((value) =>
            new URLSearchParams(
              Object.entries(typeof value === 'object' && value !== null ? value : {}).map(([name, one]) => [
                name,
                text(one),
              ]),
            ).toString(),
          )
        : fc.constant(''),
      body: operation.body
        ? fc
            .tuple(withCursor(ofSchema(shape(operation.body))), fc.nat({ max: 19 }))
            .map(([value, turn]) => (turn === 0 ? hurt : String)(text(value ?? null)))
        : fc.constant(undefined),
    });
  });
  return fc.oneof(...requests).map(({ operation, ids, query, body }) => {
    let place = 0;
    const path = operation.path.replaceAll(/:\w+/g, () => encodeURIComponent(ids[place++ % 3]!.toWellFormed()));
    return {
      path: `/api/v1${path}${query === '' ? '' : `?${query}`}`,
      method: operation.method.toUpperCase(),
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    };
  });
}
