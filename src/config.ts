import type { FileBindings } from './services/capture/files/file-store.ts';
import { normalizeHost } from './domain/hosts/host-name.ts';

/** Below this path Kilde answers on a host that is the site's (`PASS_THROUGH_HOSTS`). */
export const ownPrefix = '/_kilde';

/** What the Worker is told by its environment, parsed once. */
export type Config = {
  databaseUrl: string;
  databaseAuthToken: string | undefined;
  /** The key of the first administrator; undefined leaves only stored keys. */
  adminKey: string | undefined;
  /** Secrets that sign journeys, newest first: the first signs, all verify. At least 32 bytes each. */
  journeySecrets: Uint8Array<ArrayBuffer>[];
  turnstileSecret: string | undefined;
  /** Whether `/demo` is served. */
  demo: boolean;
  /** Whether webhooks may lead to private networks: for development alone. */
  privateAddresses: boolean;
  /** Who mail is from: an address, or `Name <address>`; undefined where no mail is sent. */
  mailFrom: string | undefined;
  /**
   * Hosts the Worker runs in front of, as `normalizeHost` writes them, and the address of the site behind them: scheme, host,
   * port and base path. Null where the Worker runs beside the site.
   */
  passThrough: { hosts: string[]; origin: string | null } | null;
  /** The address under which others reach Kilde, without a slash at its end; null: the address that was asked for. */
  publicUrl: string | null;
};

/** The Worker's bindings as wrangler.toml declares them; secrets come by `wrangler secret put`. */
export type Env = FileBindings & {
  LIBSQL_URL: string;
  /** The files of assets/: data that the code reads, none of it served as it stands. */
  ASSETS: { fetch(input: string): Promise<Response> };
  /** The way to public addresses alone, whatever a name resolves to; on Cloudflare `fetch` itself is that. */
  PUBLIC?: { fetch: typeof globalThis.fetch };
  LIBSQL_AUTH_TOKEN?: string;
  /** The same Worker in a process of its own, for the API: the local start has one, since a process runs one isolate at a time. */
  API?: { fetch: typeof globalThis.fetch };
  KILDE_ADMIN_KEY?: string;
  JOURNEY_KEYS: string;
  TURNSTILE_SECRET?: string;
  KILDE_DEMO?: string;
  KILDE_PRIVATE_ADDRESSES?: string;
  KILDE_MAIL_FROM?: string;
  /** Cloudflare Email Service. */
  EMAIL?: SendEmail;
  /** Mail by SMTP: the local start has it where `KILDE_SMTP_URL` is set (tools/smtp-mailer.ts). */
  MAILER?: { fetch: typeof globalThis.fetch };
  /** Takes visits on their way to be counted; without it they are counted by the isolate itself. */
  VISITS?: Queue;
  /** Takes submissions while the database is away; without it they are answered 503. */
  SUBMISSIONS?: Queue;
  ADDRESS_LIMIT?: RateLimit;
  FORM_LIMIT?: RateLimit;
  FAILED_KEY_LIMIT?: RateLimit;
  /** Host names, separated by commas. */
  PASS_THROUGH_HOSTS?: string;
  /** Where the site is, if not at the host itself. */
  PASS_THROUGH_ORIGIN?: string;
  /** The local start's connection to `PASS_THROUGH_ORIGIN`: it leads nowhere else, and the site sees the public Host header. */
  SITE?: { fetch: typeof globalThis.fetch };
  /** For example `https://edge.example.com`: the address in what Kilde gives out, where a proxy in front of it has another one. */
  KILDE_PUBLIC_URL?: string;
};

/**
 * Parses the environment.
 * @throws Error naming the setting that is missing or wrong. Secrets are never part of the message.
 */
export function parseConfig(env: Env): Config {
  if (!env.LIBSQL_URL) throw new Error('LIBSQL_URL is not set: the http(s) address of the libSQL database.');
  const journeySecrets = (env.JOURNEY_KEYS ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((key) => decodeSecret(key));
  if (journeySecrets.length === 0) throw new Error('JOURNEY_KEYS is not set: base64url secrets, newest first.');
  const passThrough = parsePassThrough(env);
  return {
    databaseUrl: env.LIBSQL_URL.replace(/^libsql:/, 'https:'),
    databaseAuthToken: env.LIBSQL_AUTH_TOKEN || undefined,
    adminKey: parseAdminKey(env.KILDE_ADMIN_KEY),
    journeySecrets,
    turnstileSecret: env.TURNSTILE_SECRET || undefined,
    demo: env.KILDE_DEMO === '1',
    privateAddresses: env.KILDE_PRIVATE_ADDRESSES === '1',
    mailFrom: env.KILDE_MAIL_FROM || undefined,
    passThrough,
    publicUrl: parsePublicUrl({ text: env.KILDE_PUBLIC_URL, hosts: passThrough?.hosts ?? [] }),
  };
}

/** Whoever has it may do everything, and nothing slows down guessing where no rate limit is bound. */
function parseAdminKey(key: string | undefined): string | undefined {
  if (key && key.length < 32) throw new Error('KILDE_ADMIN_KEY is too short: it must have at least 32 characters.');
  return key || undefined;
}

function decodeSecret(key: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.from(atob(key.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  } catch {
    throw new Error('JOURNEY_KEYS has a key that is not base64url.');
  }
  if (bytes.length < 32) throw new Error('JOURNEY_KEYS has a key of less than 32 bytes.');
  return bytes;
}

function parsePassThrough({ PASS_THROUGH_HOSTS, PASS_THROUGH_ORIGIN }: Env): Config['passThrough'] {
  const names = (PASS_THROUGH_HOSTS ?? '').split(/[\s,]+/).filter(Boolean);
  if (names.length === 0) {
    if (PASS_THROUGH_ORIGIN) throw new Error('PASS_THROUGH_ORIGIN is set without PASS_THROUGH_HOSTS: name the hosts.');
    return null;
  }
  const hosts = names.map((name) => {
    const host = normalizeHost(name.replace(/:\d+$/, ''));
    if (host === null)
      throw new Error(`PASS_THROUGH_HOSTS has "${name}": it must be a host name such as www.example.com.`);
    return host;
  });
  const origin = PASS_THROUGH_ORIGIN ? parseBaseUrl({ name: 'PASS_THROUGH_ORIGIN', text: PASS_THROUGH_ORIGIN }) : null;
  return { hosts, origin };
}

function parsePublicUrl({ text, hosts }: { text: string | undefined; hosts: string[] }): string | null {
  if (!text) return null;
  const address = parseBaseUrl({ name: 'KILDE_PUBLIC_URL', text });
  const { hostname, pathname } = new URL(address);
  if (hosts.includes(normalizeHost(hostname) ?? '') && pathname !== ownPrefix) {
    throw new Error(
      `KILDE_PUBLIC_URL names a host of PASS_THROUGH_HOSTS (${hostname}): its path must be ${ownPrefix}.`,
    );
  }
  return address;
}

/** An address without a slash at its end. The message leaves the value out where it holds a password. */
function parseBaseUrl({ name, text }: { name: string; text: string }): string {
  const url = URL.parse(text);
  if (url && (url.username !== '' || url.password !== '')) {
    throw new Error(`${name} must not contain a user name or password.`);
  }
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(`${name} is "${text}": it must be an address such as https://example.com.`);
  }
  if (/[?#]/.test(text)) throw new Error(`${name} is "${text}": it must not have a query or a fragment.`);
  return url.href.replace(/\/+$/, '');
}
