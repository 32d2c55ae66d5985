/**
 * Bodies as callers send them, by operation. Each is sent by a test, in this order, to a database that has just been made and has one
 * submission. What an operation needs of others comes before it.
 */
export const bodyExamples: Record<string, unknown> = {};
