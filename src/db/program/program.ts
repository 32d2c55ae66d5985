import { categoryChanges } from './category-changes.ts';
import { dealLinks } from './deal-links.ts';
import { dealOrigins } from './deal-origins.ts';
import { dealStages } from './deal-stages.ts';
import { dealStates } from './deal-states.ts';
import { dirtyAll, dirtyDeal, dirtyLead } from './dirty.ts';
import { credit } from './credit.ts';
import { facts } from './facts.ts';
import { intakeProgram } from './intake.ts';
import type { ProgramObject } from './objects.ts';
import { originGroups } from './origin-groups.ts';
import { outbox } from './outbox.ts';
import { parts } from './parts.ts';
import { recordChanges } from './record-changes.ts';
import { reusedKeys } from './reused-keys.ts';
import { dealCurrencies, rollUp } from './roll-up.ts';
import { storedFiles } from './stored-files.ts';
import { submissionTotals } from './submission-totals.ts';

/**
 * Every view and trigger of the database, each after what it reads. `npm run db:generate` writes what has changed here into a
 * migration, and the current text of all of it to drizzle/program.sql.
 */
export const program: readonly ProgramObject[] = [
  ...outbox,
  ...dealStages,
  ...dealStates,
  ...dealOrigins,
  ...categoryChanges,
  ...dealLinks,
  ...intakeProgram,
  ...recordChanges,
  ...reusedKeys,
  ...storedFiles,
  dirtyLead.object,
  dirtyDeal.object,
  dirtyAll.object,
  ...submissionTotals,
  ...originGroups,
  ...facts,
  ...credit,
  ...parts,
  ...rollUp,
  dealCurrencies.object,
];
