const encoder = new TextEncoder();
const base64url = (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string =>
  new Uint8Array(bytes).toBase64({ alphabet: 'base64url', omitPadding: true });
const part = (value: unknown): string => base64url(encoder.encode(JSON.stringify(value)));

const algorithms = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  PS256: {
    name: 'RSA-PSS',
    hash: 'SHA-256',
    saltLength: 32,
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const;
type Algorithm = keyof typeof algorithms;

const makeKeys = async (alg: Algorithm): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithms[alg], true, ['sign', 'verify']);

/** A token signed by a key: the JWS compact form, RFC 7515. */
export async function signToken(
  claims: unknown,
  { key, alg = 'RS256', header = {} }: { key: CryptoKey; alg?: Algorithm; header?: object },
): Promise<string> {
  const signed = `${part({ alg, kid: alg, typ: 'JWT', ...header })}.${part(claims)}`;
  return `${signed}.${base64url(await crypto.subtle.sign(algorithms[alg], key, encoder.encode(signed)))}`;
}

/**
 * An OpenID Connect provider of this process, which holds a client to the code flow with PKCE. It is asked by `fetch`, so nothing leaves
 * the machine.
 */
export async function startIssuer({
  issuer = 'https://id.example.com',
  clientId = 'kilde',
  clientSecret = 'hemmelig & grønn',
} = {}) {
  const keys = { RS256: await makeKeys('RS256'), PS256: await makeKeys('PS256'), ES256: await makeKeys('ES256') };
  const stranger = await makeKeys('RS256');
  const codes = new Map<string, { challenge: string; redirectUri: string; nonce: string }>();
  const state = {
    /** What the next ID token says beside the usual claims; a function makes the token itself. */
    claims: {} as Record<string, unknown>,
    makeToken: (claims: Record<string, unknown>): Promise<string> | string =>
      signToken(claims, { key: keys.RS256.privateKey }),
    metadata: {} as Record<string, unknown>,
    userinfo: {} as Record<string, unknown>,
    /** What it answers instead. */
    fault: null as (() => Response | Promise<Response>) | null,
    now: (): number => Date.now(),
    asked: [] as string[],
    /** How the client proved who it is. */
    proofs: [] as string[],
  };

  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize?tenant=1`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    ...state.metadata,
  });

  async function redeem(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const proof = request.headers.get('authorization') ?? `post ${form.get('client_id')}:${form.get('client_secret')}`;
    state.proofs.push(proof);
    const [user, secret] = atob(proof.replace(/^Basic /, '').replace(/^post .*/, ''))
      .split(':')
      .map((text) => decodeURIComponent(text.replaceAll('+', ' ')));
    const isClient = proof.startsWith('post ')
      ? proof === `post ${clientId}:${clientSecret}`
      : user === clientId && secret === clientSecret;
    const code = codes.get(form.get('code') ?? '');
    const challenge = base64url(await crypto.subtle.digest('SHA-256', encoder.encode(form.get('code_verifier') ?? '')));
    if (!isClient || !code || code.challenge !== challenge || code.redirectUri !== form.get('redirect_uri')) {
      return Response.json({ error: 'invalid_grant' }, { status: 400 });
    }
    codes.delete(form.get('code')!);
    const now = Math.floor(state.now() / 1000);
    const claims = {
      iss: issuer,
      sub: 'u1',
      aud: clientId,
      iat: now,
      exp: now + 300,
      nonce: code.nonce,
      email: 'ola@firma.no',
      email_verified: true,
      name: 'Ola',
      ...state.claims,
    };
    return Response.json({ access_token: 'access', token_type: 'Bearer', id_token: await state.makeToken(claims) });
  }

  return Object.assign(state, {
    issuer,
    clientId,
    clientSecret,
    keys,
    stranger,
    fetch: async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const request = new Request(input, init);
      state.asked.push(request.url);
      if (state.fault) return state.fault();
      const { pathname } = new URL(request.url);
      if (pathname === '/.well-known/openid-configuration') return Response.json(metadata());
      if (pathname === '/token') return redeem(request);
      if (pathname === '/userinfo') return Response.json(state.userinfo);
      if (pathname === '/keys') {
        const shown = await Promise.all(
          Object.entries(keys).map(async ([kid, { publicKey }]) => ({
            ...((await crypto.subtle.exportKey('jwk', publicKey)) as object),
            kid,
            use: 'sig',
          })),
        );
        return Response.json({ keys: [{ kty: 'OKP', crv: 'Ed448', kid: 'RS256' }, ...shown] });
      }
      return new Response('Not found', { status: 404 });
    },
    /** What the browser does at the provider: the user agrees, and the browser is sent back. @returns that address. */
    agree(authorizationUrl: string): string {
      const { searchParams } = new URL(authorizationUrl);
      const code = crypto.randomUUID();
      codes.set(code, {
        challenge: searchParams.get('code_challenge')!,
        redirectUri: searchParams.get('redirect_uri')!,
        nonce: searchParams.get('nonce')!,
      });
      const back = new URL(searchParams.get('redirect_uri')!);
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state')!);
      return back.href;
    },
  });
}
