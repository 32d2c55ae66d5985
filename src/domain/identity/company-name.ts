import { registrableDomain } from './registrable-domain.ts';

/**
 * What a company's name is compared by: NFKC, lower case, punctuation and spaces folded, legal form left out.
 * `Firma A/S`, `firma as` and `AS Firma` are one. Null where the name holds neither letter nor digit.
 */
export function companyNameKey(name: string): string | null {
  const tokens = name.normalize('NFKC').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  while (tokens.length > 1 && ['as', 'asa', 'ab', 'gmbh', 'ltd', 'inc'].includes(tokens.at(-1) ?? '')) tokens.pop();
  return tokens.join(' ') || null;
}

/** The registrable domain of what somebody wrote as a company's website: URL, host, with or without `www.` and path. */
export function normalizeCompanyDomain(raw: string): string | null {
  return registrableDomain(raw.trim());
}

/** A registration number without its label and spacing: `Org.nr. NO 987 654 321 MVA` → `987654321`. */
export function normalizeRegistrationNumber(raw: string): string | null {
  return raw.toUpperCase().replace(/[^A-Z0-9]/gu, '') || null;
}
