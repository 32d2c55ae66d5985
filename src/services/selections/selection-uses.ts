import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { dashboard } from '../../db/schema/boards.ts';
import { isVisible, isVisibleIn } from '../../db/segments/check-values.ts';
import type { Viewer } from '../../db/segments/check-values.ts';

/** Whether criteria somewhere in a JSON value name a selection. */
const namesSelection = (json: SQL, id: number): SQL => sql`EXISTS (SELECT 1 FROM json_tree(${json}) n
  WHERE n.type = 'object' AND lower(n.value ->> 'op') IN ('inselection', 'notinselection') AND CAST(n.value ->> 'value' AS text) = ${String(id)})`;

/** What uses a selection: what it is called, and the rows whose `name` and `id` say which. There are at most some hundreds of each. */
export function usesOf(id: number, viewer: Viewer): ReadonlyArray<{ what: string; from: SQL; name: SQL }> {
  const name = sql`name`;
  /** A private one of somebody else is not named. */
  const nameFor = (isShown: SQL): SQL => sql`CASE WHEN ${isShown} THEN name ELSE 'a private one' END`;
  return [
    {
      what: 'selections',
      from: sql`selection WHERE id IN (SELECT r.selection_id FROM selection_reference r WHERE r.uses_id = ${id})`,
      name: nameFor(isVisible(viewer)),
    },
    { what: 'forms', from: sql`form WHERE selection_id = ${id}`, name },
    { what: 'reports', from: sql`saved_report WHERE ${namesSelection(sql`query`, id)}`, name },
    {
      what: 'schedules',
      from: sql`schedule WHERE ${namesSelection(sql`CASE WHEN json_valid(parameters ->> 'where') THEN parameters ->> 'where' END`, id)}`,
      name,
    },
    {
      what: 'dashboards',
      from: sql`dashboard WHERE ${namesSelection(sql`tiles`, id)}`,
      name: nameFor(isVisibleIn(dashboard, viewer)),
    },
  ];
}
