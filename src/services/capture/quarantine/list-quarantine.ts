import { sql } from 'drizzle-orm';
import { approvalList, approvalStatuses, quarantineList } from '../../../db/lists/capture-lists.ts';
import { selectQuarantine, toQuarantineView } from '../../../db/queries/capture/read-quarantine.ts';
import type { QuarantineView } from '../../../db/queries/capture/read-quarantine.ts';
import type { List } from '../../../db/lists/declare-list.ts';
import { quarantine } from '../../../db/schema/forms.ts';
import type { ListQuery } from '../../../domain/lists/list-info.ts';
import { prepareList } from '../../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../../lists/prepare-list.ts';

export { approvalList, quarantineList };

export type ApprovalView = Omit<QuarantineView, 'reasons' | 'status'> & { status: keyof typeof approvalStatuses };

/** Submissions that are quarantined, the newest first, or those released since. */
export function listQuarantine(context: ListContext, query: ListQuery): PreparedList<QuarantineView> {
  return prepareQuarantine(context, { list: quarantineList, query, toItem: (view) => view });
}

/** Submissions that wait for approval, the newest first, or those approved since. */
export function listApprovals(context: ListContext, query: ListQuery): PreparedList<ApprovalView> {
  return prepareQuarantine(context, { list: approvalList, query, toItem: toApproval });
}

function prepareQuarantine<Item>(
  context: ListContext,
  { list, query, toItem }: { list: List; query: ListQuery; toItem: (view: QuarantineView) => Item },
): PreparedList<Item> {
  return prepareList(context, {
    list,
    query,
    // The kind stands in the statement as text, since the partial index of approvals is chosen by it.
    where: list === approvalList ? sql`${quarantine.kind} = 'approval'` : sql`+${quarantine.kind} = 'spam'`,
    records: ({ where, orderBy, position }) =>
      selectQuarantine(context.db, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: (row) => toItem(toQuarantineView(row)),
  });
}

export function toApproval({ reasons: _reasons, status, ...view }: QuarantineView): ApprovalView {
  return { ...view, status: status === approvalStatuses.waiting ? 'waiting' : 'approved' };
}
