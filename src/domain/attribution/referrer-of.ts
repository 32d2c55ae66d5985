import { appScheme } from './read-evidence.ts';

/**
 * A referrer of which the domain alone is known. Package names of Android apps begin as no host does: `com.android.chrome`.
 */
export function referrerOf(domain: string | null | undefined): string | null {
  if (!domain) return null;
  if (domain.startsWith(appScheme)) return domain;
  return /^(?:com|org|net)\.[^.]+\./i.test(domain) ? appScheme + domain : `https://${domain}/`;
}
