import type { TestApp } from './test-app.ts';

const dayMs = 86_400_000;

type Steps = { call: (method: string, path: string, body?: unknown) => Promise<any>; nextDay: () => void };

/** People, companies, submissions, touches and deals. */
async function fillRecords(kilde: TestApp, { call, nextDay }: Steps): Promise<void> {
  await call('POST', '/forms', { name: 'Contact', slug: 'contact' });
  await call('POST', '/forms', { name: 'Newsletter', slug: 'newsletter' });
  for (const [index, email] of [
    'kari@alfa.no',
    'Ola@beta.no',
    'ase@gamma.no',
    'kari@alfa.no',
    'per@gmail.com',
  ].entries()) {
    const query =
      index === 2 ? '' : `?utm_source=${['LinkedIn', 'google'][index % 2]}&utm_medium=cpc&utm_campaign=c${index}`;
    const sent = await kilde.submit(index % 2 === 0 ? 'contact' : 'newsletter', {
      email,
      first_name: ['Kari', 'Ola', 'Åse'][index] ?? '',
      country: index === 1 ? 'NO' : '',
      interest: `Interest ${index}`,
      _page: `https://example.com/page-${index}${query}`,
    });
    if (sent.status >= 400) throw new Error(await sent.text());
    nextDay();
  }
  const [person] = (await call('GET', '/people?email=ola@beta.no')).items;
  await call('PATCH', `/people/${person.id}`, { ownerId: '2', leadStatus: 'Qualified', title: 'Leder' });
  await call('PATCH', `/companies/${person.company.id}`, {
    ownerId: '1',
    categoryId: '3',
    registrationNumber: '999888777',
  });
  for (const index of [0, 1, 2, 3]) {
    await call('PUT', '/deals', {
      items: [
        {
          externalId: `D-${index}`,
          name: index === 0 ? null : `Deal ${index}`,
          amount: ['0.1', '1200.5', '9007199254740.99', '3'][index],
          currency: index === 3 ? 'JPY' : 'NOK',
          ...(index === 1 ? { personId: person.id, ownerId: '1' } : {}),
        },
      ],
    });
    nextDay();
  }
}

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
  await fillRecords(kilde, { call, nextDay });
  // Deals propose a category to each company that may change; the first category of a rule is the one it sets.
  await call('PATCH', '/categories/1', { setOn: [] });
  const confirmed = { name: 'To confirm', group: 'Customer', setOn: ['dealRegistered'], needsConfirmation: true };
  await call('POST', '/categories', confirmed);
  for (const [index, companyDomain] of ['alfa.no', 'gamma.no', 'delta.no'].entries()) {
    if (index === 2) await call('POST', '/companies', { name: 'Delta', domain: companyDomain });
    await call('PUT', '/deals', { items: [{ externalId: `P-${index}`, amount: 1, currency: 'NOK', companyDomain }] });
    nextDay();
  }
  return { '/companies/:id/merges': await mergeCompanies({ call, nextDay }) };
}

/** Three companies become one, and two of them again. @returns the id of the one that stays. */
async function mergeCompanies({ call, nextDay }: Steps): Promise<string> {
  const make = async (name: string): Promise<string> => (await call('POST', '/companies', { name })).id;
  const kept = await make('Kept');
  for (const name of ['First', 'Second', 'Third']) {
    const merge = await call('POST', `/companies/${kept}/merge`, { otherId: await make(name) });
    nextDay();
    if (name !== 'First') continue;
    await call('POST', `/companies/merges/${merge.id}/undo`);
    nextDay();
  }
  return kept;
}
