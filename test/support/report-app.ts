import { expect } from 'vitest';
import { createTestApp } from './test-app.ts';
import type { TestApp } from './test-app.ts';

type GivenTouch = { at: string; source?: string; landingPage?: string; medium?: string; campaign?: string };

export type ReportApp = TestApp & {
  /** Runs a report and gives its answer, which holds no number that is none. */
  report(query: Record<string, unknown>): Promise<any>;
  /** Leads from elsewhere. */
  leads(
    items: Array<{ email: string; createdAt?: string; createdVia?: string; journey?: GivenTouch[] }>,
  ): Promise<void>;
  deals(items: Array<Record<string, unknown>>): Promise<void>;
};

export async function createReportApp(): Promise<ReportApp> {
  const kilde = await createTestApp();
  const ok = async (answer: Promise<{ status: number; body: any }>) => {
    const { status, body } = await answer;
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  return {
    ...kilde,
    report: async (query) => ok(kilde.api('POST', '/reports/query', query)),
    async leads(items) {
      await ok(kilde.api('PUT', '/people', { items }));
    },
    async deals(items) {
      await ok(
        kilde.api('PUT', '/deals', {
          items: items.map((item, n) => ({ externalId: `d${n}`, amount: 100, currency: 'NOK', ...item })),
        }),
      );
    },
  };
}
