import { lazy, Suspense, useState } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { keepScope } from '../../api/scope.ts';
import type { Search } from '../../api/search.ts';
import { m } from '../../paraglide/messages.js';
import type { SavedQuery } from './saved-report.ts';

const SaveReport = lazy(async () => ({ default: (await import('./save-report.tsx')).SaveReport }));
const ScheduleReport = lazy(async () => ({ default: (await import('./schedule-report.tsx')).ScheduleReport }));
const ShareReport = lazy(async () => ({ default: (await import('./share-report.tsx')).ShareReport }));

/** A report that can be sent or linked to: its id where it is saved as it stands here. */
export type Shown = {
  id: string | null;
  name: string;
  /** Whether it is a saved report that can be changed. */
  isOwn: boolean;
  isChanged: boolean;
  query: SavedQuery;
};

/** Save, schedule, share: what is done with the report that is shown. */
export function ReportActions({ shown }: { shown: Shown }) {
  const [open, setOpen] = useState<'save' | 'schedule' | 'share' | null>(null);
  const navigate = useNavigate();
  const search: Search = useSearch({ strict: false });
  const close = (): void => setOpen(null);
  const onSaved = (id: string): void =>
    void navigate({ to: `/reports/${id}`, search: keepScope(search), replace: true } as never);
  return (
    <>
      {shown.isChanged && shown.id !== null ? (
        <>
          <span className="tag amber">{m.report_changed()}</span>
          <button type="button" className="btn quiet sm" onClick={() => onSaved(shown.id!)}>
            {m.report_reset()}
          </button>
        </>
      ) : null}
      <button type="button" className="btn sm" onClick={() => setOpen('save')}>
        {m.report_save()}
      </button>
      <button type="button" className="btn sm" onClick={() => setOpen('schedule')}>
        {m.report_schedule()}
      </button>
      <button type="button" className="btn sm" onClick={() => setOpen('share')}>
        {m.report_share()}
      </button>
      <Suspense fallback={null}>
        {open === 'save' ? <SaveReport shown={shown} onClose={close} onSaved={onSaved} /> : null}
        {open === 'schedule' ? <ScheduleReport shown={shown} onClose={close} onSaved={onSaved} /> : null}
        {open === 'share' ? <ShareReport shown={shown} onClose={close} onSaved={onSaved} /> : null}
      </Suspense>
    </>
  );
}
