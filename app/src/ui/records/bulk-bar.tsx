import { Menu, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import type { All, Any } from '../find/criteria.ts';
import { formatCount } from '../format.ts';
import { Icon } from '../icon.tsx';
import { Failure } from '../states.tsx';

export type BulkField = {
  /** As bulk updates name it. */
  field: string;
  label: () => string;
  useChoices: () => Array<{ id: string; name: string }>;
  /** Whether a choice is sent by its name, not its id. */
  byName?: boolean;
};

type Wanted = { field: BulkField; choice: { id: string; name: string } | null };
type Preview = { count: number };

/** What can be done with the chosen rows. Each change says first how many it changes, and can be undone afterwards. */
export function BulkBar({
  entity,
  ids,
  count,
  where,
  fields,
  onClose,
}: {
  entity: 'person' | 'company' | 'deal';
  ids: string[];
  count: number;
  where: All | Any;
  fields: readonly BulkField[];
  onClose: () => void;
}) {
  const [isAll, setAll] = useState(false);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const criteria: All | Any = isAll ? where : { all: [{ field: 'id', op: 'oneOf', value: ids }] };
  return (
    <div className="bulk" role="region" aria-label={m.bulk_title()}>
      <b>
        {isAll
          ? m.bulk_all({ count: formatCount(count) })
          : m.bulk_chosen({ chosen: formatCount(ids.length), count: formatCount(count) })}
      </b>
      {!isAll && ids.length < count ? (
        <button type="button" className="btn sm" onClick={() => setAll(true)}>
          {m.bulk_take_all({ count: formatCount(count) })}
        </button>
      ) : null}
      {fields.map((field) => (
        <FieldMenu key={field.field} field={field} onChoose={(choice) => setWanted({ field, choice })} />
      ))}
      <button type="button" className="btn sm" aria-label={m.bulk_leave()} onClick={onClose}>
        <Icon shape="close" />
      </button>
      {wanted === null ? null : (
        <BulkDialog entity={entity} where={criteria} wanted={wanted} onClose={() => setWanted(null)} onDone={onClose} />
      )}
    </div>
  );
}

function FieldMenu({
  field,
  onChoose,
}: {
  field: BulkField;
  onChoose: (choice: { id: string; name: string } | null) => void;
}) {
  const choices = field.useChoices();
  return (
    <Menu position="top-start" offset={4} classNames={{ dropdown: 'pop menu tall' }}>
      <Menu.Target>
        <button type="button" className="btn sm">
          {field.label()}
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label={field.label()}>
        {choices.map((choice) => (
          <Menu.Item key={choice.id} className="opt" onClick={() => onChoose(choice)}>
            {choice.name}
          </Menu.Item>
        ))}
        <Menu.Item className="opt" onClick={() => onChoose(null)}>
          {m.bulk_clear()}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** How many would change, then the change, then the way back. */
function BulkDialog({
  entity,
  where,
  wanted,
  onClose,
  onDone,
}: {
  entity: 'person' | 'company' | 'deal';
  where: All | Any;
  wanted: Wanted;
  onClose: () => void;
  onDone: () => void;
}) {
  const client = useQueryClient();
  const { field, choice } = wanted;
  const change =
    choice === null
      ? { field: field.field, clear: true }
      : { field: field.field, set: field.byName ? choice.name : choice.id };
  const send = async (dryRun: boolean): Promise<{ id: string; count: number }> => {
    const { data } = await kilde().POST('/api/v1/bulk-updates', { body: { entity, where, change, dryRun } as never });
    return data as unknown as { id: string; count: number };
  };
  const preview = useQuery({
    queryKey: ['bulk-preview', entity, where, change],
    queryFn: async (): Promise<Preview> => send(true),
    staleTime: 0,
  });
  const done = useMutation({ mutationFn: async () => send(false), onSuccess: async () => client.invalidateQueries() });
  const undone = useMutation({
    mutationFn: async () => kilde().POST('/api/v1/bulk-updates/{id}/undo', { params: { path: { id: done.data!.id } } }),
    onSuccess: async () => client.invalidateQueries(),
  });
  const value = choice?.name ?? m.record_none();
  const close = (): void => {
    onClose();
    if (done.isSuccess) onDone();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={m.bulk_set_title({ field: field.label(), value })}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <div className="stack">
        {preview.data === undefined || done.isSuccess ? null : (
          <p>{m.bulk_changes({ count: preview.data.count, shown: formatCount(preview.data.count) })}</p>
        )}
        {preview.error === null ? null : <Failure error={preview.error} />}
        {done.error === null ? null : <Failure error={done.error} what={m.record_not_saved()} />}
        {done.data === undefined ? null : (
          <p className="note" role="status">
            <b>
              {undone.isSuccess
                ? m.record_undone()
                : m.bulk_done({ count: formatCount(done.data.count), field: field.label(), value })}
            </b>{' '}
            {undone.isSuccess ? null : (
              <button type="button" className="btn sm" disabled={undone.isPending} onClick={() => undone.mutate()}>
                {m.record_undo()}
              </button>
            )}
          </p>
        )}
        {undone.error === null ? null : <Failure error={undone.error} />}
        <div className="row">
          {done.isSuccess ? null : (
            <button
              type="button"
              className="btn primary"
              disabled={preview.data === undefined || preview.data.count === 0 || done.isPending}
              onClick={() => done.mutate()}
            >
              {m.bulk_change()}
            </button>
          )}
          <button type="button" className="btn" onClick={close}>
            {done.isSuccess ? m.close() : m.cancel()}
          </button>
        </div>
      </div>
    </Modal>
  );
}
