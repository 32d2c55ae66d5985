import { createClient, isProblem } from '../src/client.ts';
import type { Schemas } from '../src/client.ts';

/** What the compiler has to see: `npm run check` fails where a name of the contract is another one. */
export async function useTypes(): Promise<void> {
  const kilde = createClient({ baseUrl: 'https://edge.example.com' });
  const { data } = await kilde.GET('/api/v1/people/{id}', { params: { path: { id: '1' } } });
  const source: string | null = data!.firstTouch.source;
  const status: Schemas['Person']['email'] = data!.email;
  for await (const owner of kilde.each('/api/v1/owners', { params: { query: { limit: 10 } } })) {
    const name: string = owner.name;
    void name;
  }
  // What has a default may be left out of a body; parameters of reports are named as they are sent.
  await kilde.POST('/api/v1/links', { body: { page: 'https://shop.no/', source: 'newsletter', medium: 'email' } });
  const { data: rows } = await kilde.GET('/api/v1/reports/query', {
    params: { query: { measures: 'leads', period: 'today' } },
  });
  const cursor: string | null = rows!.nextCursor;
  await kilde.GET('/api/v1/people', {
    params: { query: { filter: { 'createdAt[after]': '2026-09-01' }, count: true } },
  });
  // @ts-expect-error measures have to be given.
  await kilde.GET('/api/v1/reports/query', { params: { query: { period: 'today' } } });
  // @ts-expect-error a limit is a number.
  await kilde.GET('/api/v1/people', { params: { query: { limit: 'many' } } });
  // @ts-expect-error the settings are no list.
  kilde.each('/api/v1/settings');
  // @ts-expect-error a path that does not exist.
  await kilde.GET('/api/v1/persons');
  // @ts-expect-error a code that does not exist.
  isProblem(null, 'no_such_code');
  void [source, status, cursor];
}
