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
  await fillSettings({ call, nextDay });
  await fillQuarantine(kilde, { call, nextDay });
  await fillLogs(kilde);
  await fillUsers(kilde, { call, nextDay });
  const schedule = await fillReports({ call, nextDay });
  return {
    ...(await fillSelections({ call })),
    ...(await changeRecords(kilde, { call, nextDay })),
    '/companies/:id/merges': await mergeCompanies({ call, nextDay }),
    '/people/:id/merges': await mergePeople({ call, nextDay }),
    '/schedules/:id/runs': schedule,
    // It listens to `person.created`, and the people that were merged are new.
    '/webhooks/:id/deliveries': '1',
  };
}

/** A person, a company and a deal that change on several days, also by a form and by a rule. @returns their ids. */
async function changeRecords(kilde: TestApp, { call, nextDay }: Steps): Promise<Record<string, string>> {
  const paths: Record<string, string> = {
    '/people/:id/history': (await call('GET', '/people?email=ola@beta.no')).items[0].id,
    '/companies/:id/history': (await call('GET', '/companies?domain=beta.no')).items[0].id,
    '/deals/:id/history': (await call('GET', '/deals?externalId=D-1')).items[0].id,
  };
  const changes: Record<string, object[]> = {
    people: [{ title: 'Direktør' }, { ownerId: '1' }, { title: null, country: 'SE' }],
    companies: [{ country: 'NO' }, { categoryId: '1' }, { name: 'Beta AS' }],
    deals: [{ amount: 12.5, currency: 'NOK' }, { probability: 0.5 }, { nextStep: { text: 'Call', day: '2026-10-01' } }],
  };
  for (const index of [0, 1, 2]) {
    for (const [path, id] of Object.entries(paths)) {
      const name = path.split('/')[1]!;
      await call('PATCH', `/${name}/${id}`, changes[name]![index]!);
    }
    nextDay();
  }
  await kilde.submit('contact', { email: 'ola@beta.no', phone: '+47 912 34 567' });
  return paths;
}

/** Selections of each entity and kind that hold more than two. @returns their ids. */
async function fillSelections({ call }: Pick<Steps, 'call'>): Promise<Record<string, string>> {
  const make = async (body: object): Promise<string> => (await call('POST', '/selections', body)).id;
  const dynamic = async (entity: string, where: object = { all: [] }) =>
    make({ name: `Some of ${entity}`, entity, kind: 'dynamic', where });
  const byHand = async (entity: string) => {
    const id = await make({ name: `Picked of ${entity}`, entity });
    await call('POST', `/selections/${id}/members`, { where: { all: [] } });
    return id;
  };
  const combine = {
    firstId: await dynamic('person', { field: 'email', op: 'contains', value: 'a' }),
    secondId: await dynamic('person', { field: 'leadCreation.channel', op: 'notEmpty' }),
    op: 'any',
  };
  return {
    '/selections/:id/members of people': await make({ name: 'Either', entity: 'person', kind: 'combined', combine }),
    '/selections/:id/members of companies': await byHand('company'),
    '/selections/:id/members of deals': await dynamic('deal', { field: 'amount', op: 'gte', value: 0 }),
    '/selections/:id/members of submissions': await byHand('submission'),
  };
}

/** Links, corrections, selections, webhooks, pipelines and exchange rates. */
async function fillSettings({ call, nextDay }: Steps): Promise<void> {
  await call('POST', '/forms', { name: 'Event', slug: 'event', defaultCategoryId: '2', closesAt: '2027-01-01' });
  const selections = ['One', 'Two', 'Three, of both'];
  for (const [index, name] of selections.entries()) {
    const value = ['alfa', 'beta', 'gamma'][index]!;
    const link = await call('POST', '/links', {
      page: `https://example.com/${value}`,
      source: value,
      medium: 'cpc',
      ...(index === 1 ? {} : { campaign: `Campaign ${index}`, placements: ['Top', `Foot ${index}`] }),
    });
    if (index === 1) await call('PATCH', `/links/${link.id}`, { archived: true });
    await call('POST', '/aliases', {
      field: index === 2 ? 'medium' : 'source',
      values: [`${value}1`],
      canonical: value,
    });
    await call('POST', '/selections', {
      name,
      entity: 'person',
      ...(index === 2
        ? { kind: 'combined', combine: { firstId: '1', secondId: '2', op: 'any' } }
        : { kind: 'dynamic', where: { field: 'email', op: 'contains', value } }),
      ...(index === 1 ? { description: 'By hand', ownerId: '2', visibility: 'private' } : {}),
    });
    await call('POST', '/webhooks', {
      name: `Hook ${index}`,
      url: `https://hooks.example.com/${value}`,
      events: index === 0 ? ['person.created'] : ['deal.won', 'deal.lost'],
      enabled: index !== 2,
    });
    const statuses = ['open', 'won', 'lost'];
    const stages = statuses.map((status) => ({
      name: `${status} ${index}`,
      status,
      ...(status === 'open' ? { probability: 0.5 } : {}),
    }));
    await call('POST', '/pipelines', { name: `Pipeline ${index}`, stages });
    const day = `2026-0${index + 1}-28`;
    await call('POST', '/dashboards', {
      name: `Board ${index}`,
      description: index === 1 ? null : 'Weekly',
      tiles: [{ reportId: 'top-forms' }],
      isDefault: index === 2,
      ...(index === 1 ? { ownerId: '2', visibility: 'private' } : {}),
    });
    await call('POST', '/annotations', {
      day,
      text: `Fair ${index}`,
      ...(index === 1 ? {} : { siteId: `site-${index}` }),
    });
    const rates = ['EUR', 'USD'].map((base) => ({ day, base, quote: 'NOK', rate: 11 + index / 10 }));
    await call('PUT', '/exchange-rates', { items: rates });
    const where = index === 0 ? { where: { field: 'email', op: 'contains', value } } : { selectionId: String(index) };
    const change = { field: 'title', set: `Title ${index}` };
    const bulk = await call('POST', '/bulk-updates', { entity: 'person', ...where, change });
    if (index === 0) await call('POST', `/bulk-updates/${bulk.id}/undo`);
    nextDay();
  }
  await call('PATCH', '/forms/event', {
    selectionId: (
      await call('POST', '/selections', {
        name: 'By hand',
        entity: 'person',
        kind: 'static',
      })
    ).id,
    language: 'no',
    thankYou: 'Takk!',
    mode: 'manualIfUnknown',
  });
}

/** Costs, saved reports, schedules with their runs and deliveries. @returns the id of the schedule that ran. */
async function fillReports({ call, nextDay }: Steps): Promise<string> {
  const schedules: string[] = [];
  for (const index of [0, 1, 2]) {
    await call('PUT', '/costs', {
      items: ['linkedin', 'google'].map((source, n) => ({
        day: `2026-0${index + 1}-28`,
        source,
        ...(n === 0 ? { medium: 'cpc', campaign: `c${index}` } : {}),
        amount: ['100.5', 3, '9007199254740.99'][index],
        currency: index === 1 ? 'JPY' : 'NOK',
        ...(index === 0 ? { claimedConversions: 1.5, claimedValue: 10, impressions: 1000, clicks: n + 1 } : {}),
      })),
    });
    await call('POST', '/reports', { name: `Report ${index}`, query: { measures: ['leads'], dimensions: ['source'] } });
    const { id } = await call('POST', '/schedules', {
      name: `Schedule ${index}`,
      reportId: index === 1 ? '1' : 'new-leads-by-campaign',
      cron: '0 8 * * 1',
      timeZone: index === 2 ? 'America/New_York' : 'Europe/Oslo',
      language: index === 2 ? 'no' : 'en',
      enabled: index !== 1,
      targets: [{ kind: 'email', to: ['sjef@firma.no'] }],
    });
    schedules.push(id);
    nextDay();
  }
  for (let run = 0; run < 3; run += 1) {
    await call('POST', `/schedules/${schedules[0]}/run`);
    nextDay();
  }
  return schedules[0]!;
}

/** Submissions that fell into the trap, and ones that wait for approval. One of each is released. */
async function fillQuarantine(kilde: TestApp, { call, nextDay }: Steps): Promise<void> {
  for (const index of [0, 1, 2, 3]) {
    const page = `https://example.com/held-${index}`;
    for (const [form, more] of [
      ['contact', { _gotcha: 'x' }],
      ['event', {}],
    ] as const) {
      const sent = await kilde.submit(form, { email: `held${index}@${form}.no`, _page: page, ...more });
      if (sent.status >= 400) throw new Error(await sent.text());
    }
    nextDay();
  }
  const [held] = (await call('GET', '/quarantine')).items;
  await call('POST', `/quarantine/${held.id}/release`);
  const [waiting] = (await call('GET', '/approvals')).items;
  await call('POST', `/approvals/${waiting.id}/approve`);
}

/** Users, who would each accept an invitation, and invitations. One user is signed in. */
async function fillUsers(kilde: TestApp, { call, nextDay }: Steps): Promise<void> {
  for (const [index, role] of ['viewer', 'marketer', 'admin'].entries()) {
    const at = kilde.deps.clock();
    await kilde.sql(
      'INSERT INTO user (name, email, role, language, owner_id, disabled_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [
        `User ${index}`,
        `user${index}@firma.no`,
        role,
        index === 1 ? 'no' : null,
        index === 0 ? null : 1,
        index === 2 ? at + 9 : null,
        at,
      ],
    );
    await call('POST', '/sign-in-providers', {
      name: `Provider ${index}`,
      issuer: `https://id${index}.example.com`,
      clientId: `client ${index}`,
      allowedDomains: index === 0 ? [] : [`a${index}.no`, `b${index}.no`],
      ...(index === 1 ? { clientSecret: 'x', defaultRole: 'marketer' } : {}),
    });
    await call('POST', '/invitations', {
      email: `new${index}@firma.no`,
      role,
      ...(index === 1 ? { language: 'en' } : {}),
    });
    nextDay();
  }
  await kilde.sql(
    "INSERT INTO session (user_id, hash, device, created_at, seen_at, expires_at) VALUES (2, 'x', 'Firefox', 0, ?, ?)",
    [kilde.deps.clock(), kilde.deps.clock() + dayMs],
  );
  await kilde.sql("UPDATE one_time_link SET base_url = 'https://kilde.example.com' WHERE id = 1");
}

/** What only faults, spam and old rules make: dead letters, spam clusters and reclassifications. */
async function fillLogs(kilde: TestApp): Promise<void> {
  for (const index of [0, 1, 2]) {
    const at = Date.UTC(2026, index, 28, 22, 30);
    await kilde.sql(
      'INSERT INTO spam_cluster (features, count, people, companies, at, undone_at) VALUES (?, ?, ?, ?, ?, ?)',
      [
        ['["sender"]', '["domain","text"]', '["text"]'][index]!,
        index + 1,
        index,
        index % 2,
        at,
        index === 1 ? at + 1 : null,
      ],
    );
    await kilde.sql(
      'INSERT INTO dead_letter (id, at, reason, attempts, payload, replayed_at) VALUES (?, ?, ?, ?, ?, ?)',
      [`letter-${index}`, at, ['undelivered', 'not_found'][index % 2]!, index + 1, '{}', index === 1 ? at + 1 : null],
    );
    await kilde.sql(
      `INSERT INTO reclassification (id, at, state, rules_version, last_origin_id, last_value_id, last_group_id, cursor, counts,
        finished_at, undone_at) VALUES (?, ?, ?, ?, 0, 0, 0, '{}', ?, ?, ?)`,
      [
        `00000000-0000-7000-8000-00000000000${index}`,
        at,
        index === 0 ? 'undone' : 'applied',
        index + 1,
        JSON.stringify({ origins: index, touches: 2 * index, firstTouch: 1 }),
        at + 5,
        index === 0 ? at + 9 : null,
      ],
    );
  }
}

/** Three people become one, and two of them again. @returns the id of the one that stays. */
async function mergePeople({ call, nextDay }: Steps): Promise<string> {
  const make = async (email: string): Promise<string> =>
    (await call('POST', '/people', { email, createdAt: '2026-01-01T10:00:00Z' })).id;
  const kept = await make('kept@merged.no');
  for (const name of ['first', 'second', 'third']) {
    const merge = await call('POST', `/people/${kept}/merge`, { otherId: await make(`${name}@merged.no`) });
    nextDay();
    if (name !== 'first') continue;
    await call('POST', `/people/merges/${merge.id}/undo`);
    nextDay();
  }
  return kept;
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
