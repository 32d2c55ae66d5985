import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../../ui/states.tsx';
import { explanationQuery } from './queries.ts';
import type { Explanation, JourneyTouch } from './queries.ts';
import { correctedValues } from './sent-as.ts';

/** Why a touch has its origin. Asked for when it is opened. */
export function Why({ touch, isFocused }: { touch: JourneyTouch; isFocused: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const asked = useQuery({ ...explanationQuery(touch.id), enabled: isOpen });
  useEffect(() => {
    if (!isFocused) return;
    setOpen(true);
    const place = document.getElementById(`touch-${touch.id}`);
    place?.scrollIntoView({ block: 'center' });
    place?.focus({ preventScroll: true });
  }, [isFocused, touch.id]);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{m.why_origin()}</summary>
      {asked.error === null ? null : <Failure error={asked.error} onRetry={() => void asked.refetch()} />}
      {asked.data === undefined ? null : <Reasons touch={touch} explanation={asked.data} />}
    </details>
  );
}

/** What was sent, what decided, what a correction changed, the channel's rule, and what was passed over. */
function Reasons({ touch, explanation }: { touch: JourneyTouch; explanation: Explanation }) {
  const { rules, evidence, passedOver } = explanation;
  const deciding = evidence.filter(({ use }) => use !== 'kept' && use !== 'passedOver');
  const corrected = correctedValues(touch);
  return (
    <dl className="dl facts">
      <Row name={m.why_address()}>
        <Address page={touch.landingPage} evidence={evidence} />
      </Row>
      <Row name={m.why_referrer()}>
        {touch.referrerDomain ?? evidence.find((one) => one.evidence === 'referrer')?.value ?? m.why_no_referrer()}
      </Row>
      {touch.clickIds.map(({ name, value }) => (
        <Row key={name} name={m.why_click_id()}>
          <code>
            {name}={value}
          </code>
        </Row>
      ))}
      <Row name={m.why_source()}>
        {rules.origin.text}
        {deciding.map(({ name, value, text }) => (
          <span key={name} className="line">
            <code>{value}</code> <span className="soft">{text}</span>
          </span>
        ))}
      </Row>
      {corrected.length === 0 ? null : (
        <Row name={m.why_correction()}>
          {corrected.map(({ name, sent, shown }) => (
            <span key={name} className="line">
              {m.why_corrected({ name, from: sent, to: shown })}
            </span>
          ))}
        </Row>
      )}
      <Row name={m.why_channel()}>{rules.channel.text}</Row>
      {passedOver.length === 0 ? null : (
        <Row name={m.why_passed_over()}>
          {passedOver.map(({ name, text }, place) => (
            <span key={`${name}-${place}`} className="line">
              {text}
            </span>
          ))}
        </Row>
      )}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** The page with its utm values as they were sent. Other parts of its query are not stored. */
function Address({ page, evidence }: { page: string | null; evidence: Explanation['evidence'] }) {
  const utm = evidence.filter((one) => one.evidence === 'utm');
  if (page === null && utm.length === 0) return m.why_no_address();
  return (
    <>
      {page}
      {utm.map(({ name, value }) => (
        <span key={name} className="line">
          <code>
            {name}={value}
          </code>
        </span>
      ))}
    </>
  );
}
