export const units = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Unit = (typeof units)[number];

/** Whole calendar units counted from today, such as the last two months. */
export type RelativeDate = { unit: Unit; count: number };
