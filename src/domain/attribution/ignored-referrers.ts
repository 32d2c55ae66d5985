import { isIntermediary } from './sources.ts';

/**
 * Is this host one that brings nobody? Payment, login and consent providers always are (tools/intermediary-facts.ts), and what the site
 * names itself; a domain covers its subdomains.
 */
export function isIgnoredReferrer(host: string, alsoIgnored: readonly string[] = []): boolean {
  return isIntermediary(host) || alsoIgnored.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
