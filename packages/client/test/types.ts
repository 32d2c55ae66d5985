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
  // @ts-expect-error the settings are no list.
  kilde.each('/api/v1/settings');
  // @ts-expect-error a path that does not exist.
  await kilde.GET('/api/v1/persons');
  // @ts-expect-error a code that does not exist.
  isProblem(null, 'no_such_code');
  void [source, status];
}
