import { sql } from 'drizzle-orm';
import type { SelectionEntity } from '../../../domain/segments/selections.ts';
import type { Database } from '../../client.ts';
import { selectionMember } from '../../schema/people.ts';
import { selectionLeave } from '../../schema/selections.ts';

/** Takes a record that is deleted out of every static selection. That there was one more until then stays: it names nobody. */
export function leaveSelections(db: Database, { entity, id, at }: { entity: SelectionEntity; id: number; at: number }) {
  const isMember = sql`member_id = ${id} AND selection_id IN (SELECT id FROM selection WHERE entity = ${entity})`;
  return [
    db.run(sql`INSERT INTO ${selectionLeave} (selection_id, added_at, removed_at)
      SELECT selection_id, added_at, ${at} FROM ${selectionMember} WHERE ${isMember}`),
    db.run(sql`DELETE FROM ${selectionMember} WHERE ${isMember}`),
  ] as const;
}
