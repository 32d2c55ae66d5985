import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import type { All, Any } from '../find/criteria.ts';
import type { Sort } from '../find/use-find.ts';
import { Failure } from '../states.tsx';
import type { RecordsKind } from './records-kind.ts';
import { saveFile } from './save-file.ts';

/** The whole list as a file. */
export function CsvButton({
  kind,
  where,
  columns,
  sort,
}: {
  kind: RecordsKind;
  where: All | Any;
  columns: readonly string[];
  sort: Sort;
}) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const body = { entity: kind.entity, where, columns: [...new Set(columns)], sort: [sort], format: 'csv' };
      const { response } = await kilde().POST('/api/v1/segments/query', { body: body as never, parseAs: 'stream' });
      saveFile({ name: `${kind.entity}.csv`, content: await new Response(response.body).blob() });
    } catch (failed) {
      setError(failed as Error);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" className="btn sm" disabled={isBusy} onClick={() => void save()}>
        {isBusy ? m.csv_busy() : 'CSV'}
      </button>
      {error === null ? null : <Failure error={error} what={m.record_not_exported()} />}
    </>
  );
}
