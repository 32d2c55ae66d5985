/** How a record came to be. */
export const createdVia = ['form', 'api', 'import', 'chat', 'phone', 'event', 'manual', 'other'] as const;
export type CreatedVia = (typeof createdVia)[number];
