/**
 * The columns of one lead on its way into the database, each with the last of the three views that needs it. The Worker fills
 * those of `intake` (db/queries/capture/store-intake.ts); the triggers add what they find out (program/intake.ts).
 * - `intake`: the gate, values and origins, and who it is.
 * - `known`: the person and the company are looked up, and stored.
 * - `stored`: what belongs to them is stored.
 */
const lastNeededBy = {
  id: 'stored',
  version: 'intake',
  at: 'stored',
  now: 'stored',
  createdVia: 'stored',
  email: 'known',
  firstName: 'known',
  firstNameFold: 'known',
  lastName: 'known',
  lastNameFold: 'known',
  phone: 'known',
  phoneKey: 'known',
  title: 'known',
  titleFold: 'known',
  country: 'known',
  ownerId: 'known',
  leadStatusId: 'known',
  categoryId: 'known',
  companyExplicit: 'intake',
  companyGivenName: 'known',
  companyName: 'stored',
  companyNameFold: 'known',
  companyNameKey: 'known',
  companyDomain: 'known',
  registrationNumber: 'known',
  originValues: 'intake',
  origins: 'intake',
  touches: 'stored',
  consents: 'stored',
  inForceKey: 'intake',
  inForceAt: 'stored',
  inForceLandingPage: 'intake',
  firstTouchKey: 'intake',
  firstTouchAt: 'known',
  firstTouchLandingPage: 'intake',
  formId: 'stored',
  fields: 'stored',
  page: 'stored',
  selfReported: 'stored',
  idempotencyKey: 'stored',
  contentHash: 'stored',
  contentSince: 'intake',
  closesAfter: 'intake',
  day: 'stored',
  selectionId: 'stored',
} as const satisfies Record<string, 'intake' | 'known' | 'stored'>;

type Columns = typeof lastNeededBy;
export type IntakeColumn = keyof Columns;
type NeededBy<View> = { [Name in IntakeColumn]: Columns[Name] extends View ? Name : never }[IntakeColumn];

/** In the order in which the Worker binds them. */
export const intakeColumns = Object.keys(lastNeededBy) as IntakeColumn[];
/** What the second view takes over from the first, and the third from the second. */
export const knownColumns = intakeColumns.filter((name) => lastNeededBy[name] !== 'intake') as Array<
  NeededBy<'known' | 'stored'>
>;
export const storedColumns = intakeColumns.filter((name) => lastNeededBy[name] === 'stored') as Array<
  NeededBy<'stored'>
>;
