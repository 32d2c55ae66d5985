import { sql } from 'drizzle-orm';
import type { KeptFile } from '../../../domain/capture/file-rules.ts';

/** The files of a submission, or of one that is quarantined, as a column of a select. @param id its column, `submission.id`. */
export const filesColumn = (id: 'submission.id' | 'quarantine.id') =>
  sql
    .raw(
      `(SELECT json_group_array(json_object('id', f.id, 'field', f.field, 'name', f.name, 'type', f.type, 'size', f.size, 'sha256', f.sha256)
        ORDER BY f.field, f.name, f.id) FROM stored_file f WHERE f.submission_id = ${id})`,
    )
    .mapWith((json: string) => JSON.parse(json) as KeptFile[]);
