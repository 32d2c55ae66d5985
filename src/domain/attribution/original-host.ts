// Google Translate, Yandex Turbo and the caches of AMP pages show a site under a host of their own: `.` as `-`, `-` as `--`.
// `0-` or `1-` stands in front where the third and fourth letter would be dashes (developers.google.com/amp/cache/overview).
const proxy =
  /^(?:[01]-)?([a-z\d][a-z\d-]*[a-z\d])\.(?:translate\.goog|turbopages\.org|cdn\.ampproject\.org|bing-amp\.com)$/;

/**
 * The host whose page a translating or caching proxy shows, or the same host where it is no such proxy.
 *
 * @example originalHost('my--firma-no.translate.goog') // 'my-firma.no'
 */
export function originalHost(host: string): string {
  const encoded = proxy.exec(host)?.[1];
  if (!encoded?.replaceAll('--', '').includes('-')) return host;
  return encoded.replaceAll(/--?/g, (dashes) => (dashes === '-' ? '.' : '-'));
}
