import { isMailBrand } from './mail-brands.ts';
import { hasDomain } from './packed-domains.ts';
import type { PackedDomains } from './packed-domains.ts';

/** The lists as the Worker's asset holds them. */
export type PackedMailDomains = { free: PackedDomains; disposable: PackedDomains };

/** Where the lists stand among the Worker's assets: they are a fifth of what its code may weigh. */
export const mailDomainsAsset = '/mail-domains.json';

/**
 * What is known of mail domains. All expect lower-case ASCII, as `normalizeEmail` gives it; a subdomain counts as its
 * parent, and no domain is both free and disposable.
 */
export class MailDomains {
  #packed: PackedMailDomains;

  constructor(packed: PackedMailDomains) {
    this.#packed = packed;
  }

  /**
   * Whether a domain gives addresses to anybody, or to an internet provider's subscribers: it then says nothing about a
   * person's company.
   */
  isFree(domain: string): boolean {
    return this.#kindOf(domain) === 'free';
  }

  /** Whether a domain hands out throw-away addresses. */
  isDisposable(domain: string): boolean {
    return this.#kindOf(domain) === 'disposable';
  }

  #kindOf(domain: string): 'free' | 'disposable' | null {
    const { free, disposable } = this.#packed;
    for (let name = domain; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
      if (hasDomain(free, name) || isMailBrand(name)) return 'free';
      if (hasDomain(disposable, name)) return 'disposable';
    }
    return null;
  }
}
