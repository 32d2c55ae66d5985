import { Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatDay } from '../../ui/format.ts';
import { Answer, Failure } from '../../ui/states.tsx';
import { groupAlike, senderOf } from './groups.ts';
import type { Group } from './groups.ts';
import { quarantineQuery } from './queries.ts';
import type { Held } from './queries.ts';
import { reasonWords } from './state.ts';

/** What is quarantined, alike ones together: let through with the time it was sent, or discarded for good. */
export function QuarantinePanel({ form }: { form: string | null }) {
  const asked = useQuery(quarantineQuery(form));
  const client = useQueryClient();
  const [doomed, setDoomed] = useState<Group | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const forget = async (): Promise<unknown> =>
    Promise.all(
      [['quarantine'], ['form-statistics'], ['attention'], ['submissions']].map(async (queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  const released = useMutation({
    mutationFn: async (id: string) => kilde().POST('/api/v1/quarantine/{id}/release', { params: { path: { id } } }),
    onSettled: forget,
  });
  const discarded = useMutation({
    mutationFn: async ({ items }: Group) => {
      for (const { id } of items) await kilde().DELETE('/api/v1/quarantine/{id}', { params: { path: { id } } });
      return items.length;
    },
    onSuccess: () => setDoomed(null),
    onSettled: forget,
  });
  return (
    <section className="panel" aria-label={m.forms_quarantine()}>
      <header>
        <h2>{m.forms_quarantine()}</h2>
        <span className="mini">
          {asked.data === undefined
            ? null
            : m.held_wait({ count: asked.data.count, shown: formatCount(asked.data.count) })}
        </span>
      </header>
      {released.error === null ? null : <Failure error={released.error} what={m.held_not_released()} />}
      {released.data === undefined ? null : (
        <p className="note" role="status">
          {m.held_released()}
        </p>
      )}
      {discarded.data === undefined ? null : (
        <p className="note" role="status">
          {m.held_discarded({ count: discarded.data, shown: formatCount(discarded.data) })}
        </p>
      )}
      <Answer asked={asked} height={160}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="in soft">{m.held_none()}</p>
          ) : (
            <div className="scroll">
              <table className="t">
                <caption className="vh">{m.forms_quarantine()}</caption>
                <thead>
                  <tr>
                    <th scope="col">{m.held_sender()}</th>
                    <th scope="col" className="desk">
                      {m.held_why()}
                    </th>
                    {form === null ? (
                      <th scope="col" className="desk">
                        {m.form()}
                      </th>
                    ) : null}
                    <th scope="col" className="desk">
                      {m.submission_sent()}
                    </th>
                    <th scope="col">
                      <span className="vh">{m.selections_do()}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {groupAlike(items).map((group) => (
                    <GroupRow
                      key={group.key}
                      group={group}
                      hasForm={form === null}
                      isOpen={opened === group.key}
                      isBusy={released.isPending || discarded.isPending}
                      onOpen={() => setOpened(opened === group.key ? null : group.key)}
                      onRelease={(id) => released.mutate(id)}
                      onDiscard={() => setDoomed(group)}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
      <p className="fact">{m.held_fact()}</p>
      {doomed === null ? null : (
        <Modal
          opened
          onClose={() => setDoomed(null)}
          title={m.held_discard_title({ count: doomed.items.length, shown: formatCount(doomed.items.length) })}
          closeButtonProps={{ 'aria-label': m.close() }}
        >
          <div className="stack">
            <p>{m.held_discard_what()}</p>
            <p className="soft">{m.selections_no_undo()}</p>
            {discarded.error === null ? null : <Failure error={discarded.error} what={m.selections_not_deleted()} />}
            <div className="row">
              <button
                type="button"
                className="btn danger"
                disabled={discarded.isPending}
                onClick={() => discarded.mutate(doomed)}
              >
                {m.held_discard()}
              </button>
              <button type="button" className="btn" data-autofocus onClick={() => setDoomed(null)}>
                {m.cancel()}
              </button>
            </div>
          </div>
        </Modal>
      )}
    </section>
  );
}

const shownOfGroup = 20;

/** One is let through by itself: of alike ones each is looked at first. */
function Release({ held, isBusy, onRelease }: { held: Held; isBusy: boolean; onRelease: (id: string) => void }) {
  return (
    <button
      type="button"
      className="btn sm"
      aria-label={m.held_release_who({ who: senderOf(held) ?? m.held_no_sender() })}
      disabled={isBusy}
      onClick={() => onRelease(held.id)}
    >
      {m.held_release()}
    </button>
  );
}

function GroupRow({
  group: { items, sender, text },
  hasForm,
  isOpen,
  isBusy,
  onOpen,
  onRelease,
  onDiscard,
}: {
  group: Group;
  hasForm: boolean;
  isOpen: boolean;
  isBusy: boolean;
  onOpen: () => void;
  onRelease: (id: string) => void;
  onDiscard: () => void;
}) {
  const count = items.length;
  const [newest, oldest] = [items[0]!.at, items.at(-1)!.at].map((at) => formatDay(at.slice(0, 10)));
  const reasons = [...new Set(items.flatMap((held) => held.reasons))].map(reasonWords);
  const who = count === 1 ? (sender ?? m.held_no_sender()) : m.held_alike({ count: formatCount(count) });
  return (
    <>
      <tr>
        <th scope="row">
          <button type="button" className="link" aria-expanded={isOpen} onClick={onOpen}>
            {who}
          </button>
          {text === null ? null : <span className="mini line cut held-text">{text}</span>}
          <span className="mini line phone">{reasons.join(', ')}</span>
        </th>
        <td className="desk">{reasons.join(', ')}</td>
        {hasForm ? <td className="desk">{[...new Set(items.map((held) => held.form.name))].join(', ')}</td> : null}
        <td className="desk nowrap">{newest === oldest ? newest : `${oldest} – ${newest}`}</td>
        <td className="num">
          <span className="row held-do">
            {count > 1 ? null : <Release held={items[0]!} isBusy={isBusy} onRelease={onRelease} />}
            <button
              type="button"
              className="btn sm"
              aria-label={m.held_discard_who({ who })}
              disabled={isBusy}
              onClick={onDiscard}
            >
              {m.held_discard()}
            </button>
          </span>
        </td>
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={hasForm ? 5 : 4}>
            <ul className="list">
              {items.slice(0, shownOfGroup).map((held) => (
                <li key={held.id}>
                  <div className="row between">
                    <p className="mini">
                      {formatDay(held.at.slice(0, 10))} · {senderOf(held) ?? m.held_no_sender()}
                    </p>
                    {count > 1 ? <Release held={held} isBusy={isBusy} onRelease={onRelease} /> : null}
                  </div>
                  <dl className="dl facts">
                    {Object.entries(held.fields).map(([name, value]) => (
                      <div key={name} className="pair">
                        <dt>{name}</dt>
                        <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
                      </div>
                    ))}
                  </dl>
                </li>
              ))}
            </ul>
          </td>
        </tr>
      ) : null}
    </>
  );
}
