import { makeLink } from '../../src/services/users/one-time-links.ts';
import type { TestApp } from './test-app.ts';

export const adminUser = { name: 'Marit Engelsrud', email: 'marit@firma.no', password: 'ti på taket og litt til' };

/** `cookie` is the session's, as it was set. */
type Answer<T = any> = { status: number; body: T; cookie: string | null; headers: Headers };
type Options = { headers?: Record<string, string>; base?: string };

/** A browser that keeps its session cookie, and says of each request which page it comes from. */
export class BrowserSession {
  readonly #kilde: TestApp;
  readonly #headers: Record<string, string>;
  /** Name and value of each cookie. */
  readonly cookies = new Map<string, string>();

  constructor(kilde: TestApp, headers: Record<string, string> = {}) {
    this.#kilde = kilde;
    this.#headers = headers;
  }

  /** Asks below `/api`: `/v1/people`, `/auth/session`. */
  async ask<T = any>(method: string, path: string, body?: unknown, options: Options = {}): Promise<Answer<T>> {
    const { base = 'https://edge.example.com', headers = {} } = options;
    const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#kilde.request(new URL(`/api${path}`, base).href, {
      method,
      headers: {
        origin: base,
        ...this.#headers,
        ...(cookies === '' ? {} : { cookie: cookies }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (/Max-Age=0/.test(cookie)) this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      body: isJson ? JSON.parse(text) : text,
      cookie: response.headers.getSetCookie().find((one) => one.includes('kilde_session=')) ?? null,
      headers: response.headers,
    };
  }

  async signIn({ email, password }: { email: string; password: string } = adminUser): Promise<Answer> {
    return this.ask('POST', '/auth/sign-in', { email, password });
  }
}

/** The first administrator, signed in. */
export async function signInAdministrator(kilde: TestApp): Promise<BrowserSession> {
  const browser = new BrowserSession(kilde);
  const { token } = await makeLink(kilde.deps, { purpose: 'firstAdministrator', isShown: true });
  const { status } = await browser.ask('POST', '/auth/accept', { token, ...adminUser });
  if (status !== 200) throw new Error(`The first administrator was not made: ${status}.`);
  return browser;
}
