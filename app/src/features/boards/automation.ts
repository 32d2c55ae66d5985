import { m } from '../../paraglide/messages.js';
import type { Card } from './model.ts';

export type Category = {
  id: string;
  name: string;
  setOn: string[];
  resetsLeadStatus: boolean;
  needsConfirmation: boolean;
  archivedAt: string | null;
};

/** Automation changes only companies without a category, or in this group. */
const changeableGroup = 'Potential customer';

/**
 * What a move does to the category of the card's company, as a sentence; null where it does nothing. The card has `company.category` and
 * `company.categoryGroup`.
 */
export function categorySentence({
  card,
  hasCompany,
  category,
}: {
  card: Card;
  hasCompany: boolean;
  category: Category | undefined;
}): string | null {
  if (!hasCompany || category === undefined || category.archivedAt !== null) return null;
  const now = card.fields['company.category'] as { name?: string } | string | null | undefined;
  const name = typeof now === 'string' ? now : now?.name;
  const group = card.fields['company.categoryGroup'];
  if (name === category.name || (name !== undefined && group !== changeableGroup)) return null;
  return category.needsConfirmation
    ? m.board_also_proposes({ category: category.name })
    : m.board_also_sets({ category: category.name });
}

/** The category that winning or losing a deal gives its company. */
export function categoryOnClose(categories: readonly Category[], status: 'won' | 'lost'): Category | undefined {
  const event = status === 'won' ? 'dealWon' : 'dealLost';
  return categories.find(({ setOn, archivedAt }) => archivedAt === null && setOn.includes(event));
}
