/** Domain names by their first two characters, each between two blanks (` mail.dk maildrop.cc `): to find one, none is unpacked. */
export type PackedDomains = Record<string, string>;

/** Packs lower-case ASCII domain names. Order and repetition do not matter. */
export function packDomains(domains: Iterable<string>): PackedDomains {
  const groups = Map.groupBy([...new Set(domains)].toSorted(), beginOf);
  return Object.fromEntries([...groups].map(([begin, names]) => [begin, ` ${names.join(' ')} `]));
}

export function hasDomain(packed: PackedDomains, domain: string): boolean {
  return packed[beginOf(domain)]?.includes(` ${domain} `) ?? false;
}

const beginOf = (domain: string): string => domain.slice(0, 2);
