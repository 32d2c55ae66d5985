import { Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatDay } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';

const features = ['sender', 'domain', 'text'] as const;
type Feature = (typeof features)[number];
type Found = { id?: string; count: number; people: number; peopleWithDeals: number; undoableUntil?: string };

const names: Record<Feature, () => string> = {
  sender: () => m.spam_sender(),
  domain: () => m.spam_domain(),
  text: () => m.spam_text(),
};

/** Marks what got through as spam, with all that are alike: how many first, then Undo for 90 days. */
export function SpamDialog({ submissionId, onClose }: { submissionId: string; onClose: () => void }) {
  const client = useQueryClient();
  const [by, setBy] = useState<readonly Feature[]>(['sender']);
  const send = async (dryRun: boolean): Promise<Found> => {
    const { data } = await kilde().POST('/api/v1/spam-clusters', {
      body: { submissionId, by: [...by], dryRun } as never,
    });
    return data as unknown as Found;
  };
  const preview = useQuery({
    queryKey: ['spam-preview', submissionId, by],
    enabled: by.length > 0,
    queryFn: async () => send(true),
    staleTime: 0,
  });
  const done = useMutation({ mutationFn: async () => send(false), onSuccess: async () => client.invalidateQueries() });
  const undone = useMutation({
    mutationFn: async () =>
      kilde().POST('/api/v1/spam-clusters/{id}/undo', { params: { path: { id: done.data!.id! } } }),
    onSuccess: async () => client.invalidateQueries(),
  });
  const toggle = (feature: Feature): void =>
    setBy(by.includes(feature) ? by.filter((one) => one !== feature) : [...by, feature]);
  return (
    <Modal opened onClose={onClose} title={m.spam_title()} closeButtonProps={{ 'aria-label': m.close() }}>
      <div className="stack">
        {done.data === undefined ? (
          <>
            <fieldset className="stack plain-set">
              <legend>{m.spam_alike_by()}</legend>
              {features.map((feature) => (
                <label key={feature} className="row">
                  <input
                    type="checkbox"
                    className="check"
                    checked={by.includes(feature)}
                    onChange={() => toggle(feature)}
                  />
                  {names[feature]()}
                </label>
              ))}
            </fieldset>
            {preview.error === null ? null : <Failure error={preview.error} what={m.spam_not_counted()} />}
            {preview.data === undefined || preview.error !== null || by.length === 0 ? null : (
              <p aria-live="polite">
                {m.spam_count({
                  count: formatCount(preview.data.count),
                  people: formatCount(preview.data.people),
                })}{' '}
                {preview.data.peopleWithDeals === 0
                  ? null
                  : m.spam_with_deals({ count: formatCount(preview.data.peopleWithDeals) })}
              </p>
            )}
          </>
        ) : (
          <p className="note" role="status">
            <b>
              {undone.isSuccess
                ? m.record_undone()
                : m.spam_done({
                    count: formatCount(done.data.count),
                    day: formatDay((done.data.undoableUntil ?? '').slice(0, 10)),
                  })}
            </b>{' '}
            {undone.isSuccess ? null : (
              <button type="button" className="btn sm" disabled={undone.isPending} onClick={() => undone.mutate()}>
                {m.record_undo()}
              </button>
            )}
          </p>
        )}
        {done.error === null ? null : <Failure error={done.error} what={m.record_not_saved()} />}
        {undone.error === null ? null : <Failure error={undone.error} />}
        <div className="row">
          {done.isSuccess ? null : (
            <button
              type="button"
              className="btn danger"
              disabled={by.length === 0 || preview.data === undefined || preview.error !== null || done.isPending}
              onClick={() => done.mutate()}
            >
              {m.spam_do()}
            </button>
          )}
          <button type="button" className="btn" data-autofocus onClick={onClose}>
            {done.isSuccess ? m.close() : m.cancel()}
          </button>
        </div>
      </div>
    </Modal>
  );
}
