import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

// Each address names the same company each time, as people do; some write it another way.
const spellings = { firma: ['Firma AS', 'FIRMA', 'Firma A/S'], annet: ['Annet', 'annet as'] };
const senders = [
  { email: 'kari@firma.no', company: 'firma' },
  { email: 'ola@firma.no', company: 'firma' },
  { email: 'kari@gmail.com', company: 'firma' },
  { email: 'ola@gmail.com', company: 'annet' },
  { email: 'per@annet.no', company: 'annet' },
  { email: 'anne@sub.annet.no', company: 'annet' },
] as const;

const lead = fc.constantFrom(...senders).chain(({ email, company }) =>
  fc.record({
    email: fc.constantFrom(email, email.toUpperCase(), ` ${email} `),
    company: fc.constantFrom(...spellings[company]),
    phone: fc.option(fc.constant('22 22 22 22'), { nil: undefined }),
  }),
);

async function startApp(): Promise<TestApp> {
  const kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  return kilde;
}

async function send(kilde: TestApp, leads: object[]): Promise<void> {
  for (const fields of leads) expect((await kilde.submit('demo', { ...fields })).status).toBe(201);
}

/** Who was found, and with whom they share a company, whatever numbers they got. */
async function whoIsWho(kilde: TestApp): Promise<unknown> {
  const rows = await kilde.sql(
    `SELECT p.email, p.phone, c.domain, c.name_key, (SELECT group_concat(q.email) FROM
       (SELECT email FROM person WHERE company_id = p.company_id ORDER BY email) q) AS colleagues
     FROM person p LEFT JOIN company c ON c.id = p.company_id ORDER BY p.email`,
  );
  const [companies] = await kilde.sql('SELECT count(*) AS n FROM company');
  return { rows, companies: companies!['n'] };
}

it('comes to the same people and companies in whatever order leads come, and however often', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(lead, { minLength: 1, maxLength: 7 }),
      fc.infiniteStream(fc.nat()),
      async (leads, order) => {
        const shuffled = leads
          .map((one) => ({ one, rank: order.next().value as number }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        const [first, second] = [await startApp(), await startApp()];
        await send(first, leads);
        await send(second, shuffled);
        const found = await whoIsWho(first);
        expect(await whoIsWho(second)).toEqual(found);
        await send(first, shuffled);
        expect(await whoIsWho(first)).toEqual(found);
      },
    ),
    { numRuns: 25 },
  );
});
