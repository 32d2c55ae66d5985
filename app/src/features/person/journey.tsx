import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Deal, Submission } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatDay, formatMoment, formatMoney } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { originName, pathOf } from '../../ui/records/origin.ts';
import { Segments } from '../../ui/segments.tsx';
import { Empty } from '../../ui/states.tsx';
import { orderSteps } from './journey-steps.ts';
import type { PlacedStep, Shown } from './journey-steps.ts';
import type { JourneyTouch } from './queries.ts';
import { sentAs } from './sent-as.ts';
import { Why } from './why-origin.tsx';

/** All that happened with a person, newest first, with the days between. */
export function Journey({
  touches,
  submissions,
  deals,
  focusedId,
}: {
  touches: JourneyTouch[];
  submissions: Submission[];
  deals: Deal[];
  /** A touch that one of the points led to. */
  focusedId: string | null;
}) {
  const [shown, setShown] = useState<Shown>('all');
  const steps = orderSteps({ touches, submissions, deals, shown });
  return (
    <Panel
      title={m.journey_title()}
      actions={
        <Segments
          label={m.journey_show()}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'all', label: m.journey_all() },
            { value: 'touches', label: m.journey_touches() },
            { value: 'forms', label: m.journey_forms() },
          ]}
        />
      }
    >
      <div className="in">
        {steps.length === 0 ? (
          <Empty title={m.journey_none()}>{m.journey_none_why()}</Empty>
        ) : (
          <ol className="trail">
            {steps.flatMap((step, place) => [
              <StepItem
                key={`step-${place}`}
                step={step}
                isFocused={step.kind === 'touch' && step.touch.id === focusedId}
              />,
              ...(step.gapDays < 1
                ? []
                : [
                    <li key={`gap-${place}`} className="gap">
                      {m.journey_days({ days: step.gapDays, count: formatCount(step.gapDays) })}
                    </li>,
                  ]),
            ])}
          </ol>
        )}
      </div>
    </Panel>
  );
}

function StepItem({ step, isFocused }: { step: PlacedStep; isFocused: boolean }) {
  if (step.kind === 'touch') return <TouchStep touch={step.touch} isFocused={isFocused} />;
  if (step.kind === 'submission') return <SubmissionStep submission={step.submission} />;
  return (
    <li className="sq">
      <StepHead title={dealTitle(step.deal, step.what)} at={formatDay(step.at.slice(0, 10))} />
      {step.what === 'lost' && step.deal.lostReason !== null ? (
        <span className="mini">{step.deal.lostReason}</span>
      ) : null}
    </li>
  );
}

function StepHead({ title, at }: { title: ReactNode; at: string }) {
  return (
    <div className="row between">
      <b>{title}</b>
      <span className="mini">{at}</span>
    </div>
  );
}

function dealTitle(deal: Deal, what: 'created' | 'won' | 'lost'): string {
  const amount = deal.amount === null ? null : formatMoney({ amount: Number(deal.amount), currency: deal.currency });
  const name = [deal.name ?? m.deal_unnamed(), amount].filter(Boolean).join(', ');
  if (what === 'won') return m.journey_deal_won({ name });
  return what === 'lost' ? m.journey_deal_lost({ name }) : m.journey_deal_created({ name });
}

function SubmissionStep({ submission }: { submission: Submission }) {
  const { form, kind, touch, createdCompany, createdVia, selfReported } = submission;
  const title = form === null ? m.journey_came_by({ how: createdVia }) : m.journey_sent({ form: form.name });
  const isLead = kind === 'leadCreation';
  const more = [
    touch === null ? null : originName(touch),
    isLead && createdCompany ? m.journey_company_too() : null,
    selfReported === null ? null : m.journey_says({ text: selfReported }),
  ].filter(Boolean);
  return (
    <li className="sq">
      <StepHead title={title} at={formatMoment(submission.at)} />
      <span className={isLead ? 'tag on' : 'tag'}>{isLead ? m.point_lead_creation() : m.point_conversion()}</span>{' '}
      <span className="mini">{more.join('. ')}</span>
    </li>
  );
}

function TouchStep({ touch, isFocused }: { touch: JourneyTouch; isFocused: boolean }) {
  const isDirect = touch.source === null && touch.medium === null && touch.campaign === null;
  const sent = sentAs(touch);
  const facts = [
    touch.channel,
    sent === null ? null : m.sent_as({ value: sent }),
    touch.landingPage === null ? null : m.point_landed({ page: pathOf(touch.landingPage) ?? '' }),
    touch.utmId === null ? null : `utm_id ${touch.utmId}`,
    touch.clickIds.length === 0
      ? null
      : m.journey_click_ids({ names: touch.clickIds.map(({ name }) => name).join(', ') }),
  ].filter(Boolean);
  return (
    <li className={isDirect ? '' : 'solid'} id={`touch-${touch.id}`} tabIndex={-1}>
      <StepHead
        title={
          <>
            {originName(touch)}{' '}
            {touch.campaign === null || isDirect ? null : <span className="soft plain">{touch.campaign}</span>}
          </>
        }
        at={formatMoment(touch.at)}
      />
      {touch.points.includes('firstTouch') ? <span className="tag on">{m.point_first_touch()}</span> : null}{' '}
      <span className="mini">{isDirect ? m.journey_direct() : facts.join(' · ')}</span>
      {isDirect ? null : <Why touch={touch} isFocused={isFocused} />}
    </li>
  );
}
