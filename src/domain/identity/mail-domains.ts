import { packedDisposableDomains, packedFreeDomains } from './mail-domain-lists.ts';
import { isMailBrand } from './mail-brands.ts';
import { unpackDomains } from './packed-domains.ts';

// Fourteen thousand names, unpacked at the first question and not at start-up; never grows.
let lists: { free: Set<string>; disposable: Set<string> } | undefined;

/**
 * Whether a mail domain gives addresses to anybody, or to an internet provider's subscribers: it then says nothing about a
 * person's company. Expects lower-case ASCII, as `normalizeEmail` gives it. A subdomain counts as its parent.
 */
export function isFreeMailDomain(domain: string): boolean {
  return kindOf(domain) === 'free';
}

/** Whether a mail domain hands out throw-away addresses. As `isFreeMailDomain`; no domain is both. */
export function isDisposableDomain(domain: string): boolean {
  return kindOf(domain) === 'disposable';
}

function kindOf(domain: string): 'free' | 'disposable' | null {
  lists ??= { free: unpackDomains(packedFreeDomains), disposable: unpackDomains(packedDisposableDomains) };
  for (let name = domain; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    if (lists.free.has(name) || isMailBrand(name)) return 'free';
    if (lists.disposable.has(name)) return 'disposable';
  }
  return null;
}
