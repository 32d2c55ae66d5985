import { m } from '../../paraglide/messages.js';

export type Origin = { source: string | null; medium: string | null; campaign: string | null; channel: string };

/** An origin in two words: `newsletter / email`. Without evidence it is direct. */
export function originName({ source, medium, campaign, channel }: Origin): string {
  if (source !== null) return medium === null ? source : `${source} / ${medium}`;
  if (medium !== null) return medium;
  return campaign ?? (channel === 'Direct' ? m.origin_direct() : m.origin_unknown());
}

/** The path of a page, or the whole address where it is none. */
export function pathOf(address: string | null): string | null {
  if (address === null) return null;
  return URL.canParse(address) ? new URL(address).pathname : address;
}
