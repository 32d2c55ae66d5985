/** What of a page the check looks at. Addresses are as they stand in the page. */
export type PageElements = {
  base: string | null;
  scripts: Array<{ src: string; site: string | null; nonce: string | null }>;
  forms: Array<{ action: string | null; method: string }>;
  /** Policies in meta elements. */
  policies: string[];
  /** Whether a field for a password stands in it. */
  hasPassword: boolean;
};

/** At most so many of a kind: a page is not ours. */
const maxElements = 200;

/** Reads the elements of a page by the runtime's own parser of HTML. */
export async function readPageElements(html: string): Promise<PageElements> {
  const found: PageElements = { base: null, scripts: [], forms: [], policies: [], hasPassword: false };
  const add = <T>(list: T[], item: T): void => {
    if (list.length < maxElements) list.push(item);
  };
  const rewriter = new HTMLRewriter()
    .on('base[href]', { element: (one) => void (found.base ??= one.getAttribute('href')) })
    .on('script[src]', {
      element: (one) =>
        add(found.scripts, {
          src: one.getAttribute('src') ?? '',
          site: one.getAttribute('data-site'),
          nonce: one.getAttribute('nonce'),
        }),
    })
    .on('form', {
      element: (one) =>
        add(found.forms, {
          action: one.getAttribute('action'),
          method: (one.getAttribute('method') ?? 'get').toLowerCase(),
        }),
    })
    .on('meta[http-equiv][content]', {
      element: (one) => {
        if (one.getAttribute('http-equiv')?.toLowerCase() !== 'content-security-policy') return;
        add(found.policies, one.getAttribute('content') ?? '');
      },
    })
    .on('input[type="password"]', { element: () => void (found.hasPassword = true) });
  await rewriter.transform(new Response(html, { headers: { 'content-type': 'text/html' } })).text();
  return found;
}
