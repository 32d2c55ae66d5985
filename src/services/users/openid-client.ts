import { addressProblem } from '../../domain/deliveries/public-address.ts';
import { claimProblem, isEmailVerified } from '../../domain/users/id-token.ts';
import type { Claims } from '../../domain/users/id-token.ts';
import { inTime } from '../in-time.ts';

/**
 * Sign-in by an OpenID Connect provider: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207,
 * RFC 9700). oauth4webapi does the same in 8 KB gzip, which the Worker has no room for.
 */

export type OpenIdContext = {
  clock: () => number;
  fetch: typeof globalThis.fetch;
  abortAfter: (milliseconds: number) => AbortSignal;
  config: { privateAddresses: boolean };
};
export type OpenIdProvider = { issuer: string; clientId: string; clientSecret: string | null };

/** What a sign-in is begun with, and must be ended with. */
export type Begun = { state: string; nonce: string; verifier: string; redirectUri: string };

/** Whom a provider says that somebody is. */
export type Identity = { issuer: string; subject: string; email: string; isVerified: boolean; name: string | null };

/** The provider could not be asked, or its answer cannot be trusted. */
export class ProviderError extends Error {}

type Metadata = Record<string, unknown>;

const timeoutMs = 10_000;
const encoder = new TextEncoder();
const base64url = { alphabet: 'base64url', omitPadding: true } as const;

/** Algorithms by which an ID token may be signed: with a key that the provider alone has. */
const algorithms: Record<
  string,
  { kty: string } & (RsaHashedImportParams | EcKeyImportParams) & Partial<RsaPssParams & EcdsaParams>
> = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', kty: 'RSA' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32, kty: 'RSA' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256', kty: 'EC' },
};

/** The address at which a browser signs in with the provider. @throws ProviderError. */
export async function authorizationUrl(
  context: OpenIdContext,
  { provider, begun: { state, nonce, verifier, redirectUri } }: { provider: OpenIdProvider; begun: Begun },
): Promise<string> {
  const url = new URL(endpointOf(context, await discover(context, provider), 'authorization_endpoint'));
  const challenge = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(verifier)));
  const parameters = {
    response_type: 'code',
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    scope: 'openid email profile',
    state,
    nonce,
    code_challenge: challenge.toBase64(base64url),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Whom the provider says that the browser which came back is.
 * @param issuer `iss` of the address that it came back to, where the provider sends it.
 * @throws ProviderError.
 */
export async function redeemCode(
  context: OpenIdContext,
  {
    provider,
    begun,
    code,
    issuer,
  }: { provider: OpenIdProvider; begun: Begun; code: string; issuer: string | undefined },
): Promise<Identity> {
  const metadata = await discover(context, provider);
  const mustName = metadata['authorization_response_iss_parameter_supported'] === true;
  if (issuer === undefined ? mustName : issuer !== provider.issuer) throw new ProviderError('answer of another issuer');
  const tokens = await askJson(
    context,
    endpointOf(context, metadata, 'token_endpoint'),
    tokenRequest({ provider, metadata, begun, code }),
  );
  const claims = await verifyToken(context, { token: tokens['id_token'], metadata });
  const now = context.clock() / 1000;
  const problem = claimProblem(claims, {
    issuer: provider.issuer,
    clientId: provider.clientId,
    nonce: begun.nonce,
    now,
  });
  if (problem !== null) throw new ProviderError(`ID token: wrong ${problem}`);
  const subject = claims['sub'] as string;
  const known = claims['email'] === undefined ? await askUser(context, { metadata, tokens, subject }) : claims;
  const [email, name] = [known['email'], known['name']].map((value) => (typeof value === 'string' ? value : null));
  return {
    issuer: provider.issuer,
    subject,
    email: email ?? '',
    isVerified: isEmailVerified(known),
    name: name ?? null,
  };
}

function tokenRequest({
  provider,
  metadata,
  begun,
  code,
}: {
  provider: OpenIdProvider;
  metadata: Metadata;
  begun: Begun;
  code: string;
}): RequestInit {
  const { clientId, clientSecret } = provider;
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: begun.redirectUri,
    code_verifier: begun.verifier,
  });
  const headers = new Headers();
  const methods = metadata['token_endpoint_auth_methods_supported'];
  if (clientSecret !== null && (!Array.isArray(methods) || methods.includes('client_secret_basic'))) {
    // RFC 6749, 2.3.1: both are encoded as in a form before.
    const [user, secret] = [clientId, clientSecret].map((text) => new URLSearchParams({ x: text }).toString().slice(2));
    headers.set('authorization', `Basic ${btoa(`${user}:${secret}`)}`);
  } else {
    form.set('client_id', clientId);
    if (clientSecret !== null) form.set('client_secret', clientSecret);
  }
  return { method: 'POST', body: form, headers };
}

/** The claims of an ID token that the provider has signed. */
async function verifyToken(
  context: OpenIdContext,
  { token, metadata }: { token: unknown; metadata: Metadata },
): Promise<Claims> {
  const parts = typeof token === 'string' ? token.split('.') : [];
  const [header, claims] = parts.slice(0, 2).map(readPart);
  const { kty, ...algorithm } = algorithms[String(header?.['alg'])] ?? { kty: '' };
  if (parts.length !== 3 || !header || !claims || kty === '' || header['crit'] !== undefined) {
    throw new ProviderError('ID token: cannot be read');
  }
  const { keys } = await askJson(context, endpointOf(context, metadata, 'jwks_uri'));
  const signed = encoder.encode(`${parts[0]}.${parts[1]}`);
  for (const key of Array.isArray(keys) ? (keys as Array<JsonWebKey & { kid?: string }>) : []) {
    const isCandidate =
      key.kty === kty && key.use !== 'enc' && (header['kid'] === undefined || key.kid === header['kid']);
    if (
      isCandidate &&
      (await hasSigned({ key, algorithm: algorithm as RsaHashedImportParams, signed, signature: parts[2]! }))
    )
      return claims;
  }
  throw new ProviderError('ID token: wrong signature');
}

async function hasSigned({
  key,
  algorithm,
  signed,
  signature,
}: {
  key: JsonWebKey;
  algorithm: RsaHashedImportParams;
  signed: Uint8Array<ArrayBuffer>;
  signature: string;
}): Promise<boolean> {
  try {
    const { kty, n, e, crv, x, y } = key;
    const jwk = Object.fromEntries(Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined));
    const imported = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
    return await crypto.subtle.verify(algorithm, imported, Uint8Array.fromBase64(signature, base64url), signed);
  } catch {
    // A key that this platform does not know, or a signature that is none.
    return false;
  }
}

function readPart(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, base64url)));
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** What the provider says of the user beside the ID token, as some say the address there alone. */
async function askUser(
  context: OpenIdContext,
  { metadata, tokens, subject }: { metadata: Metadata; tokens: Metadata; subject: string },
): Promise<Claims> {
  if (metadata['userinfo_endpoint'] === undefined) return {};
  const headers = { authorization: `Bearer ${String(tokens['access_token'])}` };
  const claims = await askJson(context, endpointOf(context, metadata, 'userinfo_endpoint'), { headers });
  if (claims['sub'] !== subject) throw new ProviderError('userinfo: of another user');
  return claims;
}

/** What the provider says of itself. Source: OpenID Connect Discovery 1.0, 4. */
async function discover(context: OpenIdContext, { issuer }: OpenIdProvider): Promise<Metadata> {
  const metadata = await askJson(context, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (metadata['issuer'] !== issuer) throw new ProviderError('it names itself by another issuer');
  return metadata;
}

function endpointOf({ config }: OpenIdContext, metadata: Metadata, name: string): string {
  const url = metadata[name];
  if (typeof url !== 'string' || addressProblem(url, { allowPrivate: config.privateAddresses }))
    throw new ProviderError(`no ${name}`);
  return url;
}

async function askJson({ fetch, abortAfter }: OpenIdContext, url: string, init: RequestInit = {}): Promise<Metadata> {
  const signal = abortAfter(timeoutMs);
  const { hostname } = new URL(url);
  try {
    const response = await inTime(fetch(url, { ...init, redirect: 'manual', signal }), signal);
    const value: unknown = await inTime(response.json(), signal);
    if (response.status === 200 && typeof value === 'object' && value !== null) return value as Metadata;
    throw new ProviderError(`${hostname} answers ${response.status}`);
  } catch (error) {
    throw error instanceof ProviderError ? error : new ProviderError(`${hostname} does not answer`);
  }
}
