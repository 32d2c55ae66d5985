// Brands nobody else may use in any country. `live`, `outlook` and `gmx` are words others bear too, so their domains are listed one by one.
const brands = new Set(['yahoo', 'hotmail', 'googlemail', 'aol']);

/**
 * Free mail domains that follow a pattern, which saves listing them: the great brands by country (`yahoo.no`,
 * `hotmail.co.uk`, `yahoo.com.br`) and Mail2World's 1,256 `mail2….com`.
 */
export function isMailBrand(domain: string): boolean {
  const labels = domain.split('.');
  const [name = '', second] = labels;
  const country = labels.at(-1) ?? '';
  if (brands.has(name) && country.length === 2)
    return labels.length === 2 || (labels.length === 3 && (second === 'co' || second === 'com'));
  return labels.length === 2 && second === 'com' && name.startsWith('mail2') && /^[a-z]+$/u.test(name.slice(5));
}
