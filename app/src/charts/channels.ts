/** Colours are fixed for each channel, never by rank; a stack has this order from below. All others are grey. */
export const channelColours: Readonly<Record<string, string>> = {
  'Organic Search': 'var(--c-organic)',
  'Paid Search': 'var(--c-search)',
  'Paid Social': 'var(--c-social)',
  Email: 'var(--c-email)',
  Direct: 'var(--c-direct)',
  'Organic Social': 'var(--c-osocial)',
  Referral: 'var(--c-referral)',
  Partner: 'var(--c-partner)',
};

export const channelOrder = Object.keys(channelColours);

export function colourOf(channel: string): string {
  return channelColours[channel] ?? 'var(--c-rest)';
}
