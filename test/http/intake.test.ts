import { beforeEach, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

// The rules that cost most when they break, once more from outside. Every branch of them: test/db/program.

const hourMs = 60 * 60 * 1_000;
const linkedin = 'https://www.example.com/first?utm_source=linkedin';
const facebook = 'https://www.example.com/signup?utm_source=facebook';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

async function createForm(body: Record<string, unknown> = {}): Promise<string> {
  const created = await kilde.api('POST', '/forms', { name: 'Demo', ...body });
  expect(created.status).toBe(201);
  return created.body.id;
}

const categoryId = async (name: string): Promise<string> =>
  (await kilde.api('GET', '/categories')).body.items.find((one: { name: string }) => one.name === name).id;
const company = async () => (await kilde.api('GET', '/companies?domain=firma.no')).body.items[0];
const person = async (email = 'kari@firma.no') =>
  (await kilde.api('GET', `/people?email=${encodeURIComponent(email)}`)).body.items[0];

it('never turns a customer back into a lead by a form', async () => {
  const form = await createForm({ defaultCategoryId: await categoryId('Potential customer') });
  expect((await kilde.submit(form, { email: 'kari@firma.no' })).status).toBe(201);
  const { id, category } = await company();
  expect(category.name).toBe('Potential customer');
  const patched = await kilde.api('PATCH', `/companies/${id}`, { categoryId: await categoryId('Customer') });
  expect(patched.status).toBe(200);
  for (const email of ['kari@firma.no', 'ola@firma.no']) {
    expect((await kilde.submit(form, { email, company: 'Firma AS' })).status).toBe(201);
    expect((await company()).category.name).toBe('Customer');
  }
});

it('adds a form’s people to its static selection', async () => {
  const selection = await kilde.api('POST', '/selections', { name: 'Readers', entity: 'person', kind: 'static' });
  expect(selection.status).toBe(201);
  const form = await createForm({ selectionId: selection.body.id });
  expect((await kilde.submit(form, { email: 'kari@firma.no' })).status).toBe(201);
  const members = await kilde.api('GET', `/selections/${selection.body.id}/members`);
  expect(members.body.items).toMatchObject([{ id: (await person()).id }]);
});

it('adds nobody to a selection that is dynamic by the time the form is sent', async () => {
  const selection = await kilde.api('POST', '/selections', { name: 'Readers', entity: 'person', kind: 'static' });
  const form = await createForm({ selectionId: selection.body.id });
  await kilde.sql("UPDATE selection SET kind = 'dynamic' WHERE id = ?", [selection.body.id]);
  expect((await kilde.submit(form, { email: 'kari@firma.no' })).status).toBe(201);
  expect(await kilde.sql('SELECT * FROM selection_member')).toEqual([]);
});

it('releases a quarantined submission that has an idempotency key, once', async () => {
  const form = await createForm();
  const init = { headers: { 'idempotency-key': 'key-1' } };
  const { id } = await (
    await kilde.submit(form, { email: 'kari@firma.no', _gotcha: 'x' }, init)
  ).json<{ id: string }>();
  expect(await person()).toBeUndefined();
  expect((await kilde.api('POST', `/quarantine/${id}/release`)).status).toBe(200);
  expect(await person()).toMatchObject({ email: 'kari@firma.no', submissionCount: 1 });
  expect((await kilde.api('POST', `/quarantine/${id}/release`)).status).toBe(409);
  expect((await kilde.api('GET', `/submissions/${id}`)).status).toBe(200);
});

it('keeps the time of the last submission where an earlier one is released late', async () => {
  const form = await createForm();
  const held = await (await kilde.submit(form, { email: 'ola@firma.no', _gotcha: 'x' })).json<{ id: string }>();
  kilde.advance(hourMs);
  expect((await kilde.submit(form, { email: 'kari@firma.no' })).status).toBe(201);
  kilde.advance(hourMs);
  expect((await kilde.api('POST', `/quarantine/${held.id}/release`)).status).toBe(200);
  expect((await kilde.api('GET', `/forms/${form}/statistics`)).body).toMatchObject({
    total: 2,
    newLeads: 2,
    lastSubmissionAt: new Date(startOfTime + hourMs).toISOString(),
  });
});

it('gives a new company the landing pages of both points, and none where the person existed', async () => {
  const form = await createForm();
  const visitor = new Visitor(kilde);
  await visitor.arrive(linkedin);
  kilde.advance(hourMs);
  await visitor.arrive(facebook);
  await visitor.send(form, { email: 'kari@firma.no' });
  const source = {
    firstTouch: { source: 'linkedin', landingPage: 'https://www.example.com/first' },
    leadCreation: { source: 'facebook', landingPage: 'https://www.example.com/signup' },
  };
  expect((await company()).companySource).toMatchObject(source);
  expect(await person()).toMatchObject(source);

  const known = new Visitor(kilde);
  await known.arrive(linkedin);
  await known.send(form, { email: 'kari@gmail.com' });
  await known.send(form, { email: 'kari@gmail.com', company: 'Nyfirma AS' });
  const [row] = await kilde.sql("SELECT * FROM company WHERE name = 'Nyfirma AS'");
  expect(row).toMatchObject({
    source_person_id: null,
    first_touch_origin_id: null,
    first_touch_landing_page_id: null,
    lead_creation_origin_id: null,
    lead_creation_landing_page_id: null,
  });
  expect((await kilde.api('GET', `/companies/${row!['id']}`)).body.companySource).toBeNull();
});

it('fills in what a known person and company lack, and overwrites nothing', async () => {
  const form = await createForm();
  await kilde.submit(form, { email: 'kari@firma.no', title: 'CEO' });
  await kilde.submit(form, {
    email: 'kari@firma.no',
    title: 'CTO',
    firstName: 'Kari',
    country: 'NO',
    company: 'Firma AS',
  });
  const title = await kilde.sql('SELECT title, title_fold FROM person');
  expect(title).toEqual([{ title: 'CEO', title_fold: 'ceo' }]);
  expect(await person()).toMatchObject({ firstName: 'Kari', title: 'CEO', submissionCount: 2 });
  expect(await company()).toMatchObject({ name: 'Firma AS', country: 'NO' });
});
