import { changesBy } from '../db/changes-by.ts';
import type { ChangeVia } from '../domain/people/record-history.ts';
import { authorColumns } from '../services/author.ts';
import type { Actor } from './auth.ts';
import type { Deps } from './deps.ts';

/** What a handler may use, where it changes records: their history names who asks. */
export function changedBy(deps: Deps, actor: Actor, via: ChangeVia = 'edit'): Deps {
  return { ...deps, db: changesBy(deps.db, { at: deps.clock(), via, ...authorColumns(actor) }) };
}
