import { addressProblem } from '../../../domain/deliveries/public-address.ts';
import { inTime } from '../../in-time.ts';
import type { SendContext } from '../../deliveries/send-signed.ts';

const timeoutMs = 10_000;
const maxRedirects = 5;
const maxPageBytes = 2 * 1024 * 1024;

export type FetchedPage = { url: URL; status: number; headers: Headers; html: string; milliseconds: number };

/**
 * Fetches a page as a stranger's browser would, without cookies. Each address on the way must be a public one.
 * @returns the page, or why there is none; nothing of another answer's content.
 */
export async function fetchPage(
  { fetch, config, clock, abortAfter }: SendContext,
  address: string,
): Promise<FetchedPage | { problem: string }> {
  const startedAt = clock();
  const signal = abortAfter(timeoutMs);
  let url = address;
  try {
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      const problem = addressProblem(url, { allowPrivate: config.privateAddresses });
      if (problem) return { problem: `The address ${url.slice(0, 200)} ${problem}.` };
      const asked = fetch(url, {
        headers: { accept: 'text/html', 'user-agent': 'Kilde/1 (tracking check)' },
        redirect: 'manual',
        signal,
      });
      const response = await inTime(asked, signal);
      const { status, headers } = response;
      const next = status >= 300 && status < 400 ? headers.get('location') : null;
      if (next === null) {
        const html = await inTime(readText(response), signal);
        if (html === null) return { problem: `The page is larger than ${maxPageBytes / 1024 / 1024} MiB.` };
        return { url: new URL(url), status, headers, html, milliseconds: clock() - startedAt };
      }
      void response.body?.cancel().catch(() => {});
      if (!URL.canParse(next, url)) return { problem: 'The page leads on to an address that cannot be read.' };
      url = new URL(next, url).href;
    }
    return { problem: `The page leads on more than ${maxRedirects} times.` };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return {
      problem: timedOut ? `The page did not answer within ${timeoutMs / 1000} s.` : 'The page could not be reached.',
    };
  }
}

/** The body as text; null where it is larger than a page may be. It is read no further than that. */
async function readText(response: Response): Promise<string | null> {
  if (!response.body) return '';
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let [text, length] = ['', 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > maxPageBytes) {
      void reader.cancel().catch(() => {});
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
