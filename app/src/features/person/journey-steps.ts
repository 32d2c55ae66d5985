import type { Deal, Submission } from '../../api/records.ts';
import type { JourneyTouch } from './queries.ts';

/** What happened with a person, each with its moment. */
export type Step =
  | { kind: 'touch'; at: string; touch: JourneyTouch }
  | { kind: 'submission'; at: string; submission: Submission }
  | { kind: 'deal'; at: string; deal: Deal; what: 'created' | 'won' | 'lost' };
export type Shown = 'all' | 'touches' | 'forms';
/** `gapDays` before it: whole days since the older step below, from one on. */
export type PlacedStep = Step & { gapDays: number };

const dayMs = 86_400_000;

/** Newest first. At the same moment what followed stands above: a form above the touch that led to it. */
export function orderSteps({
  touches,
  submissions,
  deals,
  shown,
}: {
  touches: readonly JourneyTouch[];
  submissions: readonly Submission[];
  deals: readonly Deal[];
  shown: Shown;
}): PlacedStep[] {
  const steps: Step[] = [
    ...(shown === 'forms' ? [] : touches.map((touch): Step => ({ kind: 'touch', at: touch.at, touch }))),
    ...(shown === 'touches'
      ? []
      : submissions.map((submission): Step => ({ kind: 'submission', at: submission.at, submission }))),
    ...(shown === 'all' ? deals.flatMap(stepsOfDeal) : []),
  ];
  const order = { deal: 0, submission: 1, touch: 2 };
  const sorted = steps.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || order[a.kind] - order[b.kind]);
  return sorted.map((step, place) => {
    const older = sorted[place + 1];
    return {
      ...step,
      gapDays: older === undefined ? 0 : Math.floor((Date.parse(step.at) - Date.parse(older.at)) / dayMs),
    };
  });
}

function stepsOfDeal(deal: Deal): Step[] {
  const created: Step = { kind: 'deal', at: deal.createdAt, deal, what: 'created' };
  if (deal.closedAt === null || deal.status === 'open') return [created];
  return [created, { kind: 'deal', at: deal.closedAt, deal, what: deal.status }];
}
