import { and, eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { selectQuarantined, toQuarantineView } from '../../../db/queries/capture/read-quarantine.ts';
import type { QuarantineKind, QuarantineView } from '../../../db/queries/capture/read-quarantine.ts';
import { quarantine } from '../../../db/schema/forms.ts';
import { notFound } from '../../../domain/errors.ts';

export type { QuarantineView };

/** A submission that is quarantined (`spam`) or waits for approval, or was released since. @throws KildeError `not_found`. */
export async function readQuarantined(
  { db }: { db: Database },
  { id, kind }: { id: string; kind: QuarantineKind },
): Promise<QuarantineView> {
  const [row] = await selectQuarantined(db, and(eq(quarantine.id, id), eq(quarantine.kind, kind)));
  if (row) return toQuarantineView(row);
  throw notFound(kind === 'spam' ? 'quarantined submission' : 'submission that waits for approval');
}
