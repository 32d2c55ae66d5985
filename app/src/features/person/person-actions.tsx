import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { kilde } from '../../api/client.ts';
import { leadStatusesQuery, ownersQuery, personQuery } from '../../api/records.ts';
import type { Person } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { saveFile } from '../../ui/records/save-file.ts';
import { ChoiceMenu } from '../../ui/records/choice-menu.tsx';
import { MoreActions } from '../../ui/records/more-actions.tsx';
import { useChange } from '../../ui/records/use-change.tsx';
import { Failure } from '../../ui/states.tsx';

const EraseDialog = lazy(async () => ({ default: (await import('./erase-dialog.tsx')).EraseDialog }));
const MergeDialog = lazy(async () => ({ default: (await import('./merge-dialog.tsx')).MergeDialog }));

type Changes = { leadStatusId?: string | null; ownerId?: string | null };

/** Status and owner save at once, with undo; merge, export and erase ask first. */
export function PersonActions({ person, name }: { person: Person; name: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const statuses = useQuery(leadStatusesQuery);
  const owners = useQuery(ownersQuery);
  const [open, setOpen] = useState<'merge' | 'erase' | null>(null);
  const [exportError, setExportError] = useState<Error | null>(null);
  const { change, isSaving, note } = useChange<Person, Changes>({
    query: personQuery(person.id),
    send: async (changes, etag) =>
      kilde().PATCH('/api/v1/people/{id}', {
        params: { path: { id: person.id } },
        body: changes as never,
        ...(etag === null ? {} : { headers: { 'If-Match': etag } }),
      }),
    read: (record, changes) =>
      ('leadStatusId' in changes ? record.leadStatus?.name : record.owner?.name) ?? m.record_none(),
  });
  const exportPerson = async (): Promise<void> => {
    setExportError(null);
    try {
      const { response } = await kilde().GET('/api/v1/people/{id}/export', {
        params: { path: { id: person.id } },
        parseAs: 'stream',
      });
      saveFile({ name: `person-${person.id}.json`, content: await new Response(response.body).blob() });
    } catch (error) {
      setExportError(error as Error);
    }
  };
  return (
    <>
      <ChoiceMenu
        label={m.person_status()}
        none={m.value_none()}
        value={person.leadStatus}
        choices={statuses.data?.filter(({ archivedAt }) => archivedAt === null) ?? []}
        isSaving={isSaving}
        onChoose={(status) =>
          change({
            changes: { leadStatusId: status?.id ?? null },
            back: { leadStatusId: person.leadStatus?.id ?? null },
            value: status?.name ?? m.value_none(),
            done: m.person_status_set({ status: status?.name ?? m.value_none(), name }),
          })
        }
      />
      <ChoiceMenu
        label={m.owner()}
        none={m.record_none()}
        value={person.owner}
        choices={owners.data ?? []}
        isSaving={isSaving}
        onChoose={(owner) =>
          change({
            changes: { ownerId: owner?.id ?? null },
            back: { ownerId: person.owner?.id ?? null },
            value: owner?.name ?? m.record_none(),
            done: m.person_owner_set({ owner: owner?.name ?? m.record_none(), name }),
          })
        }
      />
      <MoreActions
        label={m.person_more()}
        actions={[
          { label: m.record_merge(), onChoose: () => setOpen('merge') },
          { label: m.record_export(), onChoose: () => void exportPerson() },
          { label: m.record_erase(), onChoose: () => setOpen('erase'), isDangerous: true },
        ]}
      />
      {note === null ? null : <div className="under-head">{note}</div>}
      {exportError === null ? null : <Failure error={exportError} what={m.record_not_exported()} />}
      <Suspense fallback={null}>
        {open === 'merge' ? <MergeDialog person={person} name={name} onClose={() => setOpen(null)} /> : null}
        {open === 'erase' ? (
          <EraseDialog
            person={person}
            name={name}
            onClose={() => setOpen(null)}
            onErased={() => {
              client.removeQueries({ queryKey: ['person', person.id] });
              void navigate({ to: '/people' } as never);
            }}
          />
        ) : null}
      </Suspense>
    </>
  );
}
