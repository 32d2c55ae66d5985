/** How a change came about, beside who asked for it. */
export const changeVias = ['edit', 'import', 'bulkUpdate', 'merge', 'form', 'automation'] as const;
export type ChangeVia = (typeof changeVias)[number];

/** Rules that change records by themselves: those of categories (domain/settings/automation.ts), and a deal that links itself. */
export const dealLinkRule = 'dealLinked';
