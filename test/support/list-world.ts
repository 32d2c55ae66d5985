import type { TestApp } from './test-app.ts';

const dayMs = 86_400_000;

/**
 * Fills every list of the API with at least three records whose times lie some days apart, some of them around midnight.
 * @returns the id that stands in the path of each list that belongs to a record.
 */
export async function fillLists(kilde: TestApp): Promise<Record<string, string>> {
  let days = 0;
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await kilde.api(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  /** Until the next day, and some hours on, so that zones disagree about the day. */
  const nextDay = () => {
    days += 1;
    kilde.advance(dayMs + 5 * 3_600_000);
  };

  for (const [index, name] of ['Kari', 'ola', 'Åse, sales', '=SUM(A1)'].entries()) {
    await call('POST', '/owners', { name, email: index === 3 ? null : `owner${index}@firma.no`, active: index !== 1 });
    await call('POST', '/sites', {
      name: `Site ${index}`,
      slug: `site-${index}`,
      domains: index === 0 ? [] : [`a${index}.no`, `b${index}.no`],
      timeZone: index === 1 ? 'America/New_York' : 'Europe/Oslo',
      consent: index === 2 ? 'required' : 'off',
    });
    await call('POST', '/api-keys', { name, scopes: index % 2 === 0 ? ['read'] : ['read', 'write'] });
    await call('POST', '/categories', {
      name: `Category ${index}`,
      group: index === 1 ? 'Lost' : 'Customer',
      setOn: index === 0 ? ['dealWon'] : [],
    });
    await call('POST', '/lead-statuses', { name: `Status ${name}`, ...(index === 0 ? { setsCategoryId: '2' } : {}) });
    nextDay();
  }
  return {};
}
