import { isMailBrand } from './mail-brands.ts';
import { unpackDomains } from './packed-domains.ts';

/** The lists as the Worker's asset holds them, each packed as packed-domains.ts explains. */
export type PackedMailDomains = { free: string; disposable: string };

/** Where the lists stand among the Worker's assets: they are a fifth of what its code may weigh. */
export const mailDomainsAsset = '/mail-domains.json';

/**
 * What is known of mail domains. All expect lower-case ASCII, as `normalizeEmail` gives it; a subdomain counts as its
 * parent, and no domain is both free and disposable.
 */
export class MailDomains {
  #packed: PackedMailDomains;
  // Thirteen thousand names, unpacked at the first question and not before; never grows.
  #lists: { free: Set<string>; disposable: Set<string> } | undefined;

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
    this.#lists ??= { free: unpackDomains(this.#packed.free), disposable: unpackDomains(this.#packed.disposable) };
    for (let name = domain; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
      if (this.#lists.free.has(name) || isMailBrand(name)) return 'free';
      if (this.#lists.disposable.has(name)) return 'disposable';
    }
    return null;
  }
}
