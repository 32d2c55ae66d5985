import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { targetOfField } from '../../src/domain/people/field-names.ts';
import { flattenAnswers } from '../../src/domain/capture/flatten-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Contact' });
  await kilde.sql("UPDATE form SET key = 'contact'");
});

type Sent = { id: string };

/** Sends a body of any type, as a site's script does. @returns what Kilde then knows of the sender. */
async function send(body: BodyInit, headers: Record<string, string> = {}) {
  const response = await kilde.request('/f/contact', {
    method: 'POST',
    body,
    headers: { accept: 'application/json', ...headers },
  });
  const answer = await response.json<Sent>();
  expect(response.status, JSON.stringify(answer)).toBe(201);
  const submission = (await kilde.api('GET', `/submissions/${answer.id}`)).body;
  const person = submission.person ? (await kilde.api('GET', `/people/${submission.person.id}`)).body : null;
  return { submission, person, fields: submission.fields as Record<string, string | string[]> };
}

const urlencoded = (query: string, headers: Record<string, string> = {}) =>
  send(query, { 'content-type': 'application/x-www-form-urlencoded', ...headers });
const json = (value: unknown) => send(JSON.stringify(value), { 'content-type': 'application/json' });

describe('what a form is called', () => {
  it.each([
    ['form-name=contact&name=Kari Nordmann&email=k@a.no', 'Kari', 'Nordmann'],
    ['Navn=Kari&form_name=Kontakt&email=k@a.no', 'Kari', null],
    ['name=Kontakt&fields[Name]=Kari N&fields[Email]=k@a.no', 'Kari', 'N'],
    ['form[name]=Kari N&form[email]=k@a.no', 'Kari', 'N'],
    ['formName=Kontakt&email=k@a.no', null, null],
    ['form.name=Kontakt&email=k@a.no', null, null],
    ['form[title]=Kontakt&form[id]=3&fields[name]=Kari N&fields[email]=k@a.no', 'Kari', 'N'],
    ['page[title]=Kontakt oss&product[name]=Sko&email=k@a.no', null, null],
    ['mauticform[formName]=kontakt&mauticform[email]=k@a.no&mauticform[name]=Kari N', 'Kari', 'N'],
  ])('%s', async (query, firstName, lastName) => {
    const { person } = await urlencoded(query);
    expect(person).toMatchObject({ email: 'k@a.no', firstName, lastName, title: null });
  });

  it('is never the sender, however it is written', async () => {
    const words = 'form skjema formular formulär formulaire formulario formulier lomake kontaktskjema webform'.split(
      ' ',
    );
    const names = 'name navn namn nom nombre naam nimi title tittel titel url id'.split(' ');
    const joined = words.flatMap((word) =>
      names.flatMap((name) => [
        `${word}-${name}`,
        `${word}_${name}`,
        `${word}${name}`,
        `${word} ${name}`,
        `${word}.${name}`,
        `${word}[${name}]`,
      ]),
    );
    const written = joined.flatMap((name) => [name, name.toUpperCase(), name.charAt(0).toUpperCase() + name.slice(1)]);
    const fields = Object.fromEntries(written.map((name) => [name, 'Kontakt.example']));
    for (let from = 0; from < written.length; from += 250) {
      const some = Object.fromEntries(Object.entries(fields).slice(from, from + 250));
      const { person } = await json({ email: `k${from}@gmail.com`, ...some });
      expect(person).toMatchObject({ firstName: null, lastName: null, title: null, company: null });
    }
  });
});

describe('wrapped names', () => {
  it('are read by their last part', async () => {
    const { person, submission, fields } = await urlencoded(
      'form_fields[name]=Kari Nordmann&form_fields[phone]=22334455&form_fields[company]=Kunde AS&form_fields[email]=kari@kunde.no' +
        '&form_fields[utm_source]=linkedin&form_fields[gclid]=G9&form_fields[utm_medium]=paid-social',
    );
    expect(person).toMatchObject({ firstName: 'Kari', lastName: 'Nordmann', phone: '+4722334455' });
    expect(person.company.name).toBe('Kunde AS');
    expect(submission.touch).toMatchObject({ source: 'linkedin', clickId: { name: 'gclid', value: 'G9' } });
    expect(Object.keys(fields)).toEqual([
      'form_fields[name]',
      'form_fields[phone]',
      'form_fields[company]',
      'form_fields[email]',
    ]);
  });

  const wrap: Record<string, (name: string) => string> = {
    brackets: (name) => `data[Contact][${name}]`,
    list: (name) => `wpforms[fields][3][${name}]`,
    points: (name) => `payload.data.${name}`,
    slashes: (name) => `0-1/${name}`,
    value: (name) => `field[${name}][0][value]`,
  };
  it.each(Object.entries(wrap))('of %s', async (_kind, wrapped) => {
    const query = new URLSearchParams(
      Object.entries({
        first_name: 'Kari',
        etternavn: 'Nordmann',
        'e-post': 'k@kunde.no',
        firma: 'Kunde AS',
        utm_source: 'partner',
      }).map(([name, value]) => [wrapped(name), value]),
    );
    const { person, submission } = await urlencoded(query.toString());
    expect(person).toMatchObject({ firstName: 'Kari', lastName: 'Nordmann', email: 'k@kunde.no' });
    expect(person.company.name).toBe('Kunde AS');
    expect(submission.touch.source).toBe('partner');
  });

  it('keeps whole names before wrapped ones', async () => {
    const { person, submission } = await urlencoded(
      'contact[email]=b@kunde.no&email=a@kunde.no&a[utm_source]=wrapped&utm_source=whole&guest[phone]=2&phone=1',
    );
    expect(person).toMatchObject({ email: 'a@kunde.no', phone: '1' });
    expect(submission.touch.source).toBe('whole');
  });

  it('reads the parts of a name, and the name of a company', async () => {
    const { person } = await urlencoded('name.first=Kari&name.last=Nordmann&email=k@gmail.com&employer[name]=Kunde AS');
    expect(person).toMatchObject({ firstName: 'Kari', lastName: 'Nordmann' });
    expect(person.company.name).toBe('Kunde AS');
  });
});

describe('bodies of form tools', () => {
  const answer = (label: string, value: unknown, more = {}) => ({ label, value, ...more });
  it.each<[string, unknown]>([
    ['nested', { data: { email: 'k@kunde.no', name: 'Kari N', phone: '1' } }],
    ['nested twice', { name: 'Kontaktskjema', payload: { data: { email: 'k@kunde.no', name: 'Kari N', phone: '1' } } }],
    [
      'names and values',
      {
        fields: [
          { name: 'email', value: 'k@kunde.no' },
          { name: 'name', value: 'Kari N' },
          { name: 'phone', value: 1 },
        ],
      },
    ],
    [
      'a list alone',
      [
        { name: 'email', value: 'k@kunde.no' },
        { name: 'name', value: 'Kari N' },
        { name: 'phone', value: '1' },
      ],
    ],
    [
      'Tally',
      {
        eventType: 'FORM_RESPONSE',
        data: {
          formName: 'Kontakt',
          formId: 'x',
          fields: [
            { key: 'question_a', type: 'INPUT_TEXT', ...answer('Navn', 'Kari N') },
            { key: 'question_b', type: 'INPUT_EMAIL', ...answer('Hvor kan vi svare deg?', 'k@kunde.no') },
            { key: 'question_c', type: 'INPUT_PHONE_NUMBER', ...answer('Hvor når vi deg?', '1') },
            {
              key: 'question_d',
              type: 'MULTIPLE_CHOICE',
              ...answer('Tema', ['o1'], { options: [{ id: 'o1', text: 'Pris' }] }),
            },
          ],
        },
      },
    ],
    [
      'Typeform',
      {
        event_type: 'form_response',
        form_response: {
          form_id: 'abc',
          definition: { title: 'Kontakt', fields: [{ id: 'f1', title: 'Name', type: 'short_text' }] },
          answers: [
            { type: 'text', text: 'Kari N', field: { id: 'f1', type: 'short_text', ref: 'r1' } },
            { type: 'email', email: 'k@kunde.no', field: { id: 'f2', type: 'email', ref: 'r2' } },
            { type: 'phone_number', phone_number: '1', field: { id: 'f3', type: 'phone_number', ref: 'r3' } },
          ],
        },
      },
    ],
    [
      'question and answer',
      {
        form: { id: 3, name: 'Kontakt' },
        items: [
          { question: { title: 'E-post' }, answer: 'k@kunde.no' },
          answer('Navn', 'Kari N'),
          { question: 'Telefon', answer: '1' },
        ],
      },
    ],
    [
      'answers by key (Elementor, Jotform)',
      {
        form: { name: 'Kontakt' },
        fields: {
          a: { title: 'Name', value: 'Kari N', type: 'text' },
          b: { title: 'x', id: 'email', value: 'k@kunde.no' },
          c: { name: 'phone', answer: '1' },
        },
      },
    ],
    [
      'field_data with values',
      {
        field_data: [
          { name: 'email', values: ['k@kunde.no'] },
          { name: 'full_name', values: ['Kari N'] },
          { name: 'phone_number', values: ['1'] },
        ],
      },
    ],
    [
      'user_column_data with string values',
      {
        user_column_data: [
          { column_name: 'Full Name', string_value: 'Kari N', column_id: 'FULL_NAME' },
          { column_name: 'User Email', string_value: 'k@kunde.no', column_id: 'EMAIL' },
          { column_name: 'User Phone', string_value: '1', column_id: 'PHONE_NUMBER' },
        ],
      },
    ],
  ])('%s', async (_tool, body) => {
    const { person } = await json(body);
    expect(person).toMatchObject({ email: 'k@kunde.no', firstName: 'Kari', lastName: 'N', phone: '1', title: null });
  });

  it.each([
    'form[id]=7&form[name]=Kontakt&fields[name][title]=Name&fields[name][value]=Kari N&fields[email][title]=Mail&fields[email][value]=k@kunde.no&meta[page_url][value]=https://x.no/',
    `formTitle=Kontakt&rawRequest=${encodeURIComponent('{"q3_name":{"first":"Kari","last":"N"},"q4_email":"k@kunde.no"}')}`,
  ])('urlencoded: %s', async (query) => {
    expect((await urlencoded(query)).person).toMatchObject({
      email: 'k@kunde.no',
      firstName: 'Kari',
      lastName: 'N',
      title: null,
    });
  });

  it('gives nested answers by their path, and other lists as they came', async () => {
    const { fields } = await json({
      email: 'k@kunde.no',
      order: { lines: [{ name: 'T-skjorte', qty: 2 }], total: { value: 5 } },
      topics: ['a', 'b'],
    });
    expect(fields).toEqual({
      email: 'k@kunde.no',
      'order.lines': '[{"name":"T-skjorte","qty":2}]',
      'order.total': '5',
      topics: ['a', 'b'],
    });
  });

  it('takes the only address where no name fits', async () => {
    expect((await urlencoded('1=Kari&2=k@kunde.no&3=Hei')).person.email).toBe('k@kunde.no');
    expect(
      (await urlencoded('1=kari2@kunde.no&recipient=post@mottaker.no&_to=x@y.no&send_to=salg@mottaker.no')).person
        .email,
    ).toBe('kari2@kunde.no');
  });

  it('loses no text of any JSON body', async () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[g-z]{1,6}$/), fc.jsonValue({ maxDepth: 4 })), (body) => {
        const texts = flattenAnswers(body, targetOfField)
          .map(([, value]) => value)
          .join('\n');
        const visit = (value: unknown): void => {
          if (typeof value === 'string' && /^[\w ]+$/.test(value)) expect(texts).toContain(value);
          else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
        };
        visit(body);
      }),
    );
  });
});

it('takes only the six utm names and the click ids out of the answers', async () => {
  const { fields, submission } = await json({
    email: 'k@kunde.no',
    ...Object.fromEntries(
      'source medium campaign term content id source_platform creative_format campaignid device'
        .split(' ')
        .map((name) => [`utm_${name}`, name]),
    ),
    GCLID: 'G1',
  });
  expect(fields).toEqual({
    email: 'k@kunde.no',
    utm_source_platform: 'source_platform',
    utm_creative_format: 'creative_format',
    utm_campaignid: 'campaignid',
    utm_device: 'device',
  });
  expect(submission.touch).toMatchObject({ source: 'source', campaign: 'campaign' });
});

describe('the company of the sender', () => {
  beforeEach(() => kilde.api('PATCH', '/sites/default', { domains: ['firma.no'] }));

  it.each<[string, string, Record<string, string>]>([
    ['url=https://firma.no/kontakt&email=k@kunde.no', 'kunde.no', {}],
    ['website=www.firma.no&web=kunde.no&email=k@gmail.com', 'kunde.no', {}],
    ['company=https://firma.no&email=k@kunde.no', 'kunde.no', {}],
  ])('is not the site: %s', async (query, domain, headers) => {
    const { person, fields } = await urlencoded(query, { origin: 'https://firma.no', ...headers });
    expect(person.company.domain).toBe(domain);
    expect(Object.keys(fields)).toHaveLength(query.split('&').length);
  });

  it.each<[string, Record<string, string>]>([
    ['url=https://blogg.side.no/x&email=k@gmail.com', { referer: 'https://www.side.no/kontakt' }],
    ['url=https://blogg.side.no/x&email=k@gmail.com', { origin: 'https://www.side.no' }],
    ['url=https://blogg.side.no/x&email=k@gmail.com&_page=https://side.no/', {}],
    ['url=firma.no&email=k@firma.no', {}],
  ])('is none where only the site is named: %s, %j', async (query, headers) => {
    await kilde.api('PATCH', '/sites/default', { domains: ['firma.no', 'side.no'] });
    if (!query.includes('@firma')) await kilde.api('PATCH', '/sites/default', { domains: [] });
    expect((await urlencoded(query, headers)).person.company).toBeNull();
  });

  it.each([
    '-',
    'N/A',
    'n.a.',
    'na',
    'Privat',
    'Ingen',
    'ingen',
    'none',
    'None.',
    '—',
    '...',
    '?',
    'keine',
    'Aucune',
    'ninguna',
    'nvt',
    'n.v.t.',
    'Privatperson',
    'Inget',
    'intet',
    'ei mitään',
    'geen',
    'private individual',
    'Particulier',
    'not applicable',
    'ikke aktuelt',
    'Néant',
    'keine Angabe',
    'k. A.',
    'ohne Firma',
    'no tengo',
    'Sans entreprise',
    'Brak',
    'nie dotyczy',
    'Nessuna',
    'Privato',
    'til privat bruk',
    'no company name',
    '(ingen)',
  ])('is none where the answer is %j, and the answer stays', async (company) => {
    const { person, fields } = await json({ email: 'k@gmail.com', company, website: company, orgnr: company });
    expect(person.company).toBeNull();
    expect(fields['company']).toBe(company);
  });

  it.each(['Ingen Frykt AS', 'Privatmegleren', 'NA-KD', 'None Ltd', '3', 'KA', 'Brakke Grond'])(
    'is %s',
    async (company) => {
      expect((await json({ email: 'k@gmail.com', company })).person.company.name).toBe(company);
    },
  );
});

describe('bounds', () => {
  it('cuts the name of a field', async () => {
    const { person, fields } = await urlencoded(`email=k@kunde.no&${'n'.repeat(240)}=1`);
    expect(person.email).toBe('k@kunde.no');
    expect(fields).toEqual({
      email: 'k@kunde.no',
      ['n'.repeat(200)]: '1',
      _notes: "A field's name was cut to 200 characters.",
    });
  });

  it('keeps the first fields of very many, and whoever sent them', async () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `q_${at}x=${at}`).join('&');
    const { person, fields } = await urlencoded(`${many}&email=k@kunde.no&name=Kari N`);
    expect(person).toMatchObject({ email: 'k@kunde.no', firstName: 'Kari' });
    expect(fields['_notes']).toBe('700 fields beyond the first 300 were left out.');
    expect(Object.keys(fields)).toHaveLength(303);
  });

  it.each([
    ['10', 10],
    ['400 thousand', 400_000],
    ['10 million', 10_000_000],
  ])('notes a file of %s bytes, and keeps none of it', async (_size, size) => {
    const form = new FormData();
    form.append('cv', new File([new Uint8Array(size).fill(13)], 'Min CV æ.pdf', { type: 'application/pdf' }));
    form.append('empty', new File([], ''));
    form.append('email', 'k@kunde.no');
    form.append('name', 'Kåre Bjørnson');
    form.append('topics', 'a');
    form.append('topics', 'b');
    const { person, fields } = await send(form);
    expect(person).toMatchObject({ email: 'k@kunde.no', firstName: 'Kåre', lastName: 'Bjørnson' });
    expect(fields).toEqual({
      cv: `Min CV æ.pdf (${size} bytes, not kept)`,
      empty: '',
      email: 'k@kunde.no',
      name: 'Kåre Bjørnson',
      topics: ['a', 'b'],
    });
  });

  it.each(['urlencoded', 'multipart', 'json'])('cuts a long answer of a form as %s', async (kind) => {
    const [message, more] = ['æ'.repeat(300_000), 'x'.repeat(300_000)];
    const fields = { message, more, email: 'k@kunde.no' };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const sent =
      kind === 'json'
        ? json(fields)
        : kind === 'multipart'
          ? send(form)
          : urlencoded(new URLSearchParams(fields).toString());
    const { person, fields: stored } = await sent;
    expect(person.email).toBe('k@kunde.no');
    expect(stored['message']!.length).toBeGreaterThan(5_000);
    expect(message.startsWith(stored['message'] as string)).toBe(true);
    expect(stored['_notes']).toEqual([
      expect.stringContaining('The answer to message was cut'),
      expect.stringContaining('The answer to more was cut: 300'),
    ]);
  });

  it('reads what there is of a multipart body without its end', async () => {
    const { person, fields } = await send(
      '--b\r\ncontent-disposition: form-data; name="email"\r\n\r\nk@kunde.no\r\n--b\r\ncontent-disposition: form-data; name="message"\r\n\r\nHei',
      {
        'content-type': 'multipart/form-data; boundary=b',
      },
    );
    expect(person.email).toBe('k@kunde.no');
    expect(fields['message']).toBe('Hei');
  });
});

describe('a form that a script sends', () => {
  const post = (headers: Record<string, string>) =>
    kilde.request('/f/contact', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://firma.no', ...headers },
      body: `email=${crypto.randomUUID()}@kunde.no`,
    });

  it.each([
    { accept: '*/*', 'sec-fetch-mode': 'cors' },
    { accept: '*/*', 'sec-fetch-mode': 'same-origin' },
    { accept: '*/*', 'sec-fetch-mode': 'no-cors' },
    { accept: 'text/html', 'sec-fetch-mode': 'cors' },
    { accept: '*/*', 'x-requested-with': 'XMLHttpRequest' },
    { accept: '*/*' },
  ])('is answered JSON that the page may read: %j', async (headers) => {
    const response = await post(headers);
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: expect.any(String) });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://firma.no');
  });

  it.each([
    { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-mode': 'navigate' },
    { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    { accept: '*/*', 'sec-fetch-mode': 'navigate' },
  ])('is a navigation where the browser says so: %j', async (headers) => {
    expect((await post(headers)).status).toBe(303);
  });

  it('may read the page that a form leads to', async () => {
    const page = await kilde.request('/f/contact/thanks', { headers: { origin: 'https://firma.no' } });
    expect(page.headers.get('access-control-allow-origin')).toBe('https://firma.no');
    expect((await kilde.request('/f/contact/thanks')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is one submission where the same is sent twice at once', async () => {
    const sent = await Promise.all(
      [1, 2].map(() =>
        kilde.request('/f/contact', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: '*/*', 'sec-fetch-mode': 'cors' },
          body: 'email=k@kunde.no',
        }),
      ),
    );
    const ids = await Promise.all(sent.map(async (one) => (await one.json<Sent>()).id));
    expect(ids[0]).toBe(ids[1]);
  });
});
