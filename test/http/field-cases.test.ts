import { beforeEach, describe, expect, it } from 'vitest';
import { fieldCases } from '../support/field-cases.ts';
import { describeFieldCase, differencesOf, pageUrlOf } from '../support/run-field-case.ts';
import { createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const hour = 60 * 60_000;
let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
});

/** Arrivals by the touch endpoint, an hour apart, and the journey's cookie after the last. */
async function arrive(arrivals: readonly { page: string; referrer?: string }[]): Promise<string> {
  let cookie = '';
  for (const { page, referrer } of arrivals) {
    const query = new URLSearchParams({ u: pageUrlOf(page), ...(referrer && { r: referrer }) });
    const answer = await kilde.request(`/t?${query.toString()}`, { headers: { cookie } });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    kilde.advance(hour);
  }
  return cookie;
}

describe('cases from the field, by touch and form', () => {
  it.each(fieldCases.map((one) => [describeFieldCase(one), one] as const))('%s', async (_what, one) => {
    const cookie = await arrive(one.arrivals);
    const answer = await kilde.submit(
      'demo',
      { email: 'kari@kunde.no', _page: pageUrlOf(one.form?.page ?? '/skjema'), ...one.form?.fields },
      { headers: { cookie } },
    );
    expect(answer.status).toBe(201);
    const { firstTouch, leadCreation } = (await kilde.api('GET', '/people/1')).body;
    expect(differencesOf(leadCreation, one.want)).toEqual([]);
    if (one.firstTouch) expect(differencesOf(firstTouch, one.firstTouch)).toEqual([]);
    if (one.wantTimeOf !== undefined) {
      expect(leadCreation.at).toBe(new Date(startOfTime + one.wantTimeOf * hour).toISOString());
    }
  });
});

describe('what was sent is never lost', () => {
  it('keeps placeholder texts with the touch and among the answers', async () => {
    await kilde.submit('demo', {
      email: 'a@kunde.no',
      utm_source: '(direct)',
      utm_medium: '(none)',
      gclid: 'undefined',
    });
    const [submission] = (await kilde.api('GET', '/submissions')).body.items;
    expect(submission.touch).toMatchObject({
      channel: 'Direct',
      source: null,
      medium: null,
      clickId: null,
      clickIds: [],
    });
    expect(submission.touch.raw).toMatchObject({ source: '(direct)', medium: '(none)' });
    expect(submission.fields).toMatchObject({ utm_source: '(direct)', utm_medium: '(none)', gclid: 'undefined' });
  });

  it('keeps every click id through cookie, form, journey, points and export', async () => {
    const clickIds = [
      { name: 'gclid', value: 'Old_1' },
      { name: 'fbclid', value: 'New-2' },
      { name: 'ttclid', value: 'T.3' },
    ];
    const page = `?${clickIds.map(({ name, value }) => `${name}=${value}`).join('&')}`;
    const cookie = await arrive([{ page, referrer: 'https://l.facebook.com/' }]);
    await kilde.submit('demo', { email: 'a@kunde.no', _page: pageUrlOf('/skjema') }, { headers: { cookie } });
    const want = { clickId: clickIds[1], clickIds };
    const person = (await kilde.api('GET', '/people/1')).body;
    expect(person.firstTouch).toMatchObject(want);
    expect(person.leadCreation).toMatchObject(want);
    expect((await kilde.api('GET', '/people/1/journey')).body.items).toMatchObject([want]);
    const [submission] = (await kilde.api('GET', '/submissions')).body.items;
    expect(submission.touch).toMatchObject(want);
    const file = (await kilde.api('GET', '/people/1/export')).body;
    expect(file.journey).toMatchObject([want]);
    expect(await kilde.sql('SELECT click_id_name FROM origin')).toEqual([{ click_id_name: 'fbclid' }]);
  });
});

it("shows a person's newest click id of each name, the newest first, and whether it decided", async () => {
  const touch = (day: number, query: string) => ({
    at: `2026-08-0${day}T10:00:00Z`,
    url: `https://firma.no/?${query}`,
  });
  await kilde.api('PUT', '/people', {
    items: [
      {
        email: 'a@kunde.no',
        journey: [
          touch(1, 'gclid=G1&fbclid=F1'),
          touch(2, 'gclid=G2'),
          touch(3, 'utm_source=x'),
          touch(4, 'gclid=G3&ttclid=T4'),
        ],
      },
    ],
  });
  expect((await kilde.api('GET', '/people/1')).body.clickIds).toEqual([
    { name: 'gclid', value: 'G3', at: '2026-08-04T10:00:00.000Z', decided: false },
    { name: 'ttclid', value: 'T4', at: '2026-08-04T10:00:00.000Z', decided: true },
    { name: 'fbclid', value: 'F1', at: '2026-08-01T10:00:00.000Z', decided: true },
  ]);
});

it('takes all click ids of a touch from elsewhere, the one that decided being named', async () => {
  const journey = [
    {
      at: '2026-08-01T10:00:00Z',
      clickId: { name: 'gclid', value: 'G' },
      clickIds: [
        { name: 'GCLID', value: 'G' },
        { name: 'fbclid', value: 'F' },
        { name: 'msclkid', value: 'undefined' },
      ],
    },
  ];
  await kilde.api('PUT', '/people', { items: [{ email: 'a@kunde.no', journey }] });
  const { firstTouch } = (await kilde.api('GET', '/people/1')).body;
  expect(firstTouch).toMatchObject({ source: 'google', medium: 'cpc', clickId: { name: 'gclid', value: 'G' } });
  expect(firstTouch.clickIds).toEqual([
    { name: 'fbclid', value: 'F' },
    { name: 'gclid', value: 'G' },
  ]);
});

it('takes the package name of an app for what it is when a touch comes back', async () => {
  const journey = [{ at: '2026-08-01T10:00:00Z', referrerDomain: 'com.android.chrome' }];
  await kilde.api('PUT', '/people', { items: [{ email: 'a@kunde.no', journey }] });
  expect((await kilde.api('GET', '/people/1')).body.firstTouch).toMatchObject({
    source: 'com.android.chrome',
    referrerDomain: 'com.android.chrome',
  });
});
