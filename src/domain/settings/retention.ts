/** Kinds of data that can be kept for a number of days. */
export const retained = ['people', 'quarantine', 'deadLetters', 'reportRuns', 'auditLog', 'history', 'visits'] as const;

/** Days after which data goes; null: never. */
export type Retention = Record<(typeof retained)[number], number | null>;
