import { describe, expect, it } from 'vitest';
import { placeJourney } from '../src/charts/account-journey-geometry.ts';
import { orderSteps } from '../src/features/person/journey-steps.ts';

describe('the steps of a journey', () => {
  const touch = (at: string) => ({ id: at, at }) as never;
  const given = {
    touches: [touch('2026-09-03T08:31:00Z'), touch('2026-09-15T20:47:00Z')],
    submissions: [{ id: 's', at: '2026-09-15T20:47:00Z' } as never],
    deals: [{ id: 'd', createdAt: '2026-10-01T09:00:00Z', closedAt: '2026-11-24T09:00:00Z', status: 'won' } as never],
  };

  it('stand newest first, with whole days between, a form above the touch that led to it', () => {
    const steps = orderSteps({ ...given, shown: 'all' });
    expect(steps.map(({ kind, gapDays }) => [kind, gapDays])).toEqual([
      ['deal', 54],
      ['deal', 15],
      ['submission', 0],
      ['touch', 12],
      ['touch', 0],
    ]);
  });

  it('are touches or forms alone where that is chosen', () => {
    expect(orderSteps({ ...given, shown: 'touches' }).map(({ kind }) => kind)).toEqual(['touch', 'touch']);
    expect(orderSteps({ ...given, shown: 'forms' }).map(({ kind }) => kind)).toEqual(['submission']);
  });
});

describe('lanes of an account', () => {
  const lane = (id: string, ...days: string[]) => ({
    id,
    name: id,
    arrivals: days.map((day) => ({ at: `${day}T10:00:00Z`, name: 'google', kind: 'arrival' as const })),
  });

  it('share one time line from the first to the last', () => {
    const placed = placeJourney({
      lanes: [lane('a', '2026-09-01', '2026-10-01'), lane('b', '2026-09-16')],
      deals: [{ at: '2026-11-01T10:00:00Z', name: 'Won', isWon: true }],
      width: 1000,
    })!;
    const [a, b] = placed.lanes;
    expect(a!.marks.map(({ x }) => Math.round(x))).toEqual([218, 583]);
    expect(b!.marks[0]!.x).toBeGreaterThan(a!.marks[0]!.x);
    expect(b!.y).toBeGreaterThan(a!.y);
    expect(placed.deals[0]).toMatchObject({ x: 960, anchor: 'end' });
  });

  it('set names that would touch above and below, and leave out what fits neither', () => {
    const placed = placeJourney({
      lanes: [lane('a', '2026-09-01', '2026-09-02', '2026-09-03', '2026-12-01')],
      deals: [],
      width: 600,
    })!;
    const { marks, y } = placed.lanes[0]!;
    expect(marks.map(({ showsLabel, labelY }) => (showsLabel ? Math.sign(labelY - y) : 0))).toEqual([1, -1, 0, 1]);
  });

  it('need a width and something to show', () => {
    expect(placeJourney({ lanes: [], deals: [], width: 500 })).toBeNull();
    expect(placeJourney({ lanes: [lane('a', '2026-09-01')], deals: [], width: 0 })).toBeNull();
    expect(
      placeJourney({ lanes: [lane('a', '2026-09-01')], deals: [], width: 500 })!.lanes[0]!.marks[0]!.x,
    ).toBeGreaterThan(0);
  });
});
