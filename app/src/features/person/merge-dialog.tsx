import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { personName } from '../../api/records.ts';
import type { Person } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { formatDay } from '../../ui/format.ts';
import { originName } from '../../ui/records/origin.ts';
import { Failure } from '../../ui/states.tsx';

type Other = { id: string; name: string };

/** Find the other, see what the merged person would be, then merge. The merge can be undone. */
export function MergeDialog({ person, name, onClose }: { person: Person; name: string; onClose: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 250);
  const [other, setOther] = useState<Other | null>(null);
  const [mergeId, setMergeId] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const found = useQuery({
    queryKey: ['merge-search', asked],
    enabled: asked.length > 1,
    queryFn: async ({ signal }) => {
      const filter = asked.includes('@') ? { email: asked } : { 'lastName[startsWith]': asked };
      const { data } = await kilde().GET('/api/v1/people', { params: { query: { filter, limit: 8 } }, signal });
      return data!.items.filter(({ id }) => id !== person.id);
    },
  });
  const preview = useQuery({
    queryKey: ['merge-preview', person.id, other?.id],
    enabled: other !== null && mergeId === null,
    queryFn: async () => {
      const { data } = await kilde().POST('/api/v1/people/{id}/merge', {
        params: { path: { id: person.id } },
        body: { otherId: other!.id, dryRun: true },
      });
      return data as unknown as { person: Person; moved: { submissions: number; deals: number; consents: number } };
    },
  });
  const refresh = async (): Promise<void> => {
    await client.invalidateQueries();
  };
  const run = async (work: () => Promise<void>): Promise<void> => {
    setError(null);
    try {
      await work();
      await refresh();
    } catch (failed) {
      setError(failed as Error);
    }
  };
  const merge = async (): Promise<void> =>
    run(async () => {
      const { data } = await kilde().POST('/api/v1/people/{id}/merge', {
        params: { path: { id: person.id } },
        body: { otherId: other!.id },
      });
      setMergeId((data as unknown as { id: string }).id);
    });
  const undo = async (): Promise<void> =>
    run(async () => {
      await kilde().POST('/api/v1/people/merges/{mergeId}/undo', { params: { path: { mergeId: mergeId! } } });
      onClose();
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={m.merge_title({ name })}
      closeButtonProps={{ 'aria-label': m.close() }}
      size="lg"
    >
      <div className="stack">
        {other === null ? (
          <>
            <label className="field">
              {m.merge_find()}
              <input
                className="input"
                type="search"
                value={text}
                onChange={({ target }) => setText(target.value)}
                data-autofocus
              />
            </label>
            {found.data?.length === 0 ? <p className="mini">{m.search_none({ text: asked })}</p> : null}
            <ul className="list">
              {found.data?.map((one) => (
                <li key={one.id}>
                  <button
                    type="button"
                    className="link under"
                    onClick={() => setOther({ id: one.id, name: personName(one) ?? one.id })}
                  >
                    {personName(one)}
                  </button>{' '}
                  <span className="mini">{[one.email, one.company?.name].filter(Boolean).join(' · ')}</span>
                </li>
              ))}
            </ul>
          </>
        ) : null}
        {other !== null && preview.data !== undefined && mergeId === null ? (
          <>
            <p>{m.merge_into({ other: other.name, name })}</p>
            <dl className="dl">
              <dt>{m.point_first_touch()}</dt>
              <dd>
                {originName(preview.data.person.firstTouch)},{' '}
                {formatDay(preview.data.person.firstTouch.at.slice(0, 10))}
              </dd>
              <dt>{m.point_lead_creation()}</dt>
              <dd>
                {originName(preview.data.person.leadCreation)}, {formatDay(preview.data.person.createdAt.slice(0, 10))}
              </dd>
              <dt>{m.merge_moved()}</dt>
              <dd>{m.merge_moved_what(preview.data.moved)}</dd>
            </dl>
            <p className="mini">{m.merge_earlier_wins()}</p>
            <div className="row">
              <button type="button" className="btn primary" onClick={() => void merge()}>
                {m.record_merge()}
              </button>
              <button type="button" className="btn" onClick={() => setOther(null)}>
                {m.merge_choose_other()}
              </button>
            </div>
          </>
        ) : null}
        {mergeId === null ? null : (
          <p className="note" role="status">
            <b>{m.merge_done({ other: other?.name ?? '' })}</b>{' '}
            <button type="button" className="btn sm" onClick={() => void undo()}>
              {m.record_undo()}
            </button>
          </p>
        )}
        {preview.error === null ? null : <Failure error={preview.error} />}
        {error === null ? null : <Failure error={error} />}
      </div>
    </Modal>
  );
}
