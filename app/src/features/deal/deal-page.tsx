import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isProblem } from '../../api/client.ts';
import { companyQuery, dealQuery, ownersQuery, personName, personQuery } from '../../api/records.ts';
import type { Deal } from '../../api/records.ts';
import { useScope } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatDay, formatPercent, none } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { ChoiceMenu } from '../../ui/records/choice-menu.tsx';
import { originName } from '../../ui/records/origin.ts';
import { Point } from '../../ui/records/point.tsx';
import { Answer, Empty } from '../../ui/states.tsx';
import { CreditPanel } from './credit-panel.tsx';
import { LeadPanel } from './lead-panel.tsx';
import { pipelineQuery } from './queries.ts';
import type { Stage } from './queries.ts';
import { amountOf, dayOf, useDealChange } from './use-deal-change.ts';
import type { DealChanges } from './use-deal-change.ts';

const CloseDialog = lazy(async () => ({ default: (await import('./close-dialog.tsx')).CloseDialog }));
const EditDialog = lazy(async () => ({ default: (await import('./edit-dialog.tsx')).EditDialog }));

/** Where a deal stands, whom it belongs to, and which sources brought it. */
export function DealPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const asked = useQuery(dealQuery(id));
  if (isProblem(asked.error, 'not_found')) {
    return (
      <Page title={m.deal()}>
        <Empty
          title={m.deal_gone()}
          actions={
            <Link className="btn sm primary" to="/deals">
              {m.nav_deals()}
            </Link>
          }
        >
          {m.deal_gone_why()}
        </Empty>
      </Page>
    );
  }
  if (asked.data === undefined) {
    return (
      <Page title={m.deal()}>
        <Answer asked={asked} height={420}>
          {() => null}
        </Answer>
      </Page>
    );
  }
  return <KnownDeal key={id} deal={asked.data.record} />;
}

const nameOf = (deal: Deal): string => deal.name ?? deal.externalId;

function KnownDeal({ deal }: { deal: Deal }) {
  const saving = useDealChange(deal);
  return (
    <Page
      title={nameOf(deal)}
      crumb={
        <>
          <Link to="/deals">{m.nav_deals()}</Link> / {nameOf(deal)}
        </>
      }
      about={<About deal={deal} />}
      actions={<DealActions deal={deal} saving={saving} />}
    >
      <Figures deal={deal} />
      {deal.person === null && deal.company === null ? (
        <LeadPanel deal={deal} saving={saving} />
      ) : (
        <Origins deal={deal} />
      )}
      {deal.person === null && deal.company === null ? null : <CreditPanel deal={deal} />}
    </Page>
  );
}

function About({ deal: { person, company, pipeline, externalId } }: { deal: Deal }) {
  return (
    <p className="small-text">
      {person === null ? null : (
        <Link className="under" to="/people/$id" params={{ id: person.id }}>
          {person.name}
        </Link>
      )}
      {person !== null && company !== null ? ', ' : null}
      {company === null ? null : (
        <Link className="under" to="/companies/$id" params={{ id: company.id }}>
          {company.name}
        </Link>
      )}
      {person === null && company === null ? null : ' · '}
      {m.deal_in_pipeline({ pipeline: pipeline.name, id: externalId })}
    </p>
  );
}

export type Saving = ReturnType<typeof useDealChange>;

function DealActions({ deal, saving: { change, isSaving, note } }: { deal: Deal; saving: Saving }) {
  const pipeline = useQuery(pipelineQuery(deal.pipeline.id));
  const owners = useQuery(ownersQuery);
  const { today } = useScope();
  const [open, setOpen] = useState<'edit' | Stage | null>(null);
  const name = nameOf(deal);
  const back: DealChanges = {
    stageId: deal.stage.id,
    ...(deal.status === 'open' ? { probability: deal.probability } : { closedAt: deal.closedAt }),
    ...(deal.status === 'lost' ? { lostReason: deal.lostReason } : {}),
  };
  const moveTo = (stage: Stage, closed: DealChanges = {}): void => {
    setOpen(null);
    change({
      changes: { stageId: stage.id, ...closed },
      back,
      value: stage.name,
      done: m.deal_stage_set({ name, stage: stage.name }),
    });
  };
  return (
    <>
      <ChoiceMenu
        label={m.deal_stage()}
        value={deal.stage}
        choices={pipeline.data?.stages ?? []}
        isSaving={isSaving}
        onChoose={(choice) => {
          const stage = pipeline.data?.stages.find(({ id }) => id === choice?.id);
          if (stage === undefined || stage.id === deal.stage.id) return;
          if (stage.status === 'open' || stage.status === deal.status) moveTo(stage);
          else setOpen(stage);
        }}
      />
      <ChoiceMenu
        label={m.owner()}
        none={m.record_none()}
        value={deal.owner}
        choices={owners.data ?? []}
        isSaving={isSaving}
        onChoose={(owner) =>
          change({
            changes: { ownerId: owner?.id ?? null },
            back: { ownerId: deal.owner?.id ?? null },
            value: owner?.name ?? m.record_none(),
            done: m.person_owner_set({ owner: owner?.name ?? m.record_none(), name }),
          })
        }
      />
      <button type="button" className="btn" data-edit disabled={isSaving} onClick={() => setOpen('edit')}>
        {m.deal_edit_button()}
      </button>
      {note === null ? null : <div className="under-head">{note}</div>}
      <Suspense fallback={null}>
        {open === 'edit' ? (
          <EditDialog
            deal={deal}
            onClose={() => setOpen(null)}
            onSave={(changes, before) => {
              setOpen(null);
              change({ changes, back: before, value: m.deal_what_you_typed(), done: m.deal_saved({ name }) });
            }}
          />
        ) : open === null ? null : (
          <CloseDialog
            stage={open}
            today={today}
            onClose={() => setOpen(null)}
            onChoose={(closed) => moveTo(open, closed)}
          />
        )}
      </Suspense>
    </>
  );
}

/** Amount, stage, close and next step. */
function Figures({ deal }: { deal: Deal }) {
  const { status, closedAt, expectedCloseDate, lostReason, nextStep, stage, probability } = deal;
  const figures = [
    {
      name: m.deal_amount(),
      value: amountOf(deal),
      note: m.deal_since({ day: formatDay(deal.createdAt.slice(0, 10)) }),
    },
    {
      name: m.deal_stage(),
      value: stage.name,
      note: status === 'open' ? m.deal_chance({ chance: formatPercent(probability, 0) }) : '',
    },
    status === 'open'
      ? { name: m.deal_expected_close(), value: dayOf(expectedCloseDate), note: '' }
      : {
          name: status === 'won' ? m.deal_won_on() : m.deal_lost_on(),
          value: dayOf(closedAt),
          note: lostReason ?? '',
        },
    { name: m.deal_next_step(), value: nextStep?.text ?? none, note: nextStep?.day == null ? '' : dayOf(nextStep.day) },
  ];
  return (
    <section className="panel" aria-label={m.deal_facts()}>
      <h2 className="vh">{m.deal_facts()}</h2>
      <div className="points">
        {figures.map(({ name, value, note }) => (
          <Point key={name} name={name} origin={value} facts={[note]} />
        ))}
      </div>
    </section>
  );
}

/** What brought the person and the company that the deal belongs to. */
function Origins({ deal }: { deal: Deal }) {
  const person = useQuery({ ...personQuery(deal.person?.id ?? ''), enabled: deal.person !== null });
  const company = useQuery({ ...companyQuery(deal.company?.id ?? ''), enabled: deal.company !== null });
  const known = person.data?.record;
  const source = company.data?.record.companySource;
  const dayAndChannel = ({ at, channel, campaign }: { at: string; channel: string; campaign: string | null }): string =>
    [campaign, channel, formatDay(at.slice(0, 10))].filter(Boolean).join(' · ');
  return (
    <section className="panel" aria-label={m.deal_origins()}>
      <h2 className="vh">{m.deal_origins()}</h2>
      <div className="points">
        {known === undefined ? (
          <Point
            name={m.point_first_touch()}
            origin={deal.person === null ? m.point_none() : '…'}
            facts={deal.person === null ? [m.deal_no_person()] : []}
          />
        ) : (
          <>
            <Point
              name={m.point_first_touch()}
              isFrozen
              origin={originName(known.firstTouch)}
              facts={[dayAndChannel(known.firstTouch)]}
            />
            <Point
              name={m.point_lead_creation()}
              isFrozen
              origin={originName(known.leadCreation)}
              facts={[dayAndChannel(known.leadCreation)]}
            />
          </>
        )}
        {source == null ? (
          <Point
            name={m.point_company_source()}
            origin={company.isLoading ? '…' : m.point_none()}
            facts={company.isLoading ? [] : [deal.company === null ? m.point_no_company() : m.company_no_source()]}
          />
        ) : (
          <Point
            name={m.point_company_source()}
            isFrozen
            origin={originName(source.firstTouch)}
            facts={[dayAndChannel(source.firstTouch)]}
          />
        )}
      </div>
      <p className="fact">
        {known === undefined
          ? m.points_never_change()
          : m.deal_of_person({ person: personName(known) ?? m.person_unnamed() })}
      </p>
    </section>
  );
}
