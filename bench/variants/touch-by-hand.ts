import { Hono } from 'hono';

/**
 * What a touch has to do, as one would write it in a morning, with the platform's parts and no rules: the page's utm parameters are
 * read, the journey that came is verified, one more arrival signed and set. Click identifiers, referrers, consent, sites, other
 * origins and counting are left out.
 */
const app = new Hono();
const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
const base64url = { alphabet: 'base64url', omitPadding: true } as const;
const signatureLength = 43;
const key = await crypto.subtle.importKey('raw', new Uint8Array(32), { name: 'HMAC', hash: 'SHA-256' }, false, [
  'sign',
  'verify',
]);

app.get('/t', async (c) => {
  const url = new URL(c.req.url);
  const page = new URL(url.searchParams.get('u') ?? '');
  const arrival = {
    source: page.searchParams.get('utm_source'),
    medium: page.searchParams.get('utm_medium'),
    campaign: page.searchParams.get('utm_campaign'),
    landingPage: page.origin + page.pathname,
    at: Date.now(),
  };
  const token = /kilde_journey=([\w-]+)/.exec(c.req.header('cookie') ?? '')?.[1];
  const journey = (token && (await verified(token))) || [];
  const payload = encoder.encode(JSON.stringify([...journey, arrival])).toBase64(base64url);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(payload))).toBase64(base64url);
  return new Response(null, {
    status: 204,
    headers: {
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'set-cookie': `kilde_journey=${payload}${signature}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax`,
    },
  });
});

async function verified(token: string): Promise<unknown[] | null> {
  const payload = token.slice(0, -signatureLength);
  const signature = Uint8Array.fromBase64(token.slice(-signatureLength), base64url);
  const isOurs = await crypto.subtle.verify('HMAC', key, signature, encoder.encode(payload));
  return isOurs ? (JSON.parse(decoder.decode(Uint8Array.fromBase64(payload, base64url))) as unknown[]) : null;
}

export default app;
