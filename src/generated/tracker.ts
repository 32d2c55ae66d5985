/** Built from tracker/k.ts by tools/build-tracker.ts. */
export const tracker = '';
