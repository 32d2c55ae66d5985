import type { TestApp } from './test-app.ts';

/** A visitor's browser as far as the edge can tell: it keeps the journey cookie and sends it along. */
export class Visitor {
  cookie: string | undefined;
  #kilde: TestApp;

  constructor(kilde: TestApp) {
    this.#kilde = kilde;
  }

  /** Opens a page of the site that has the script on it. */
  async arrive(page: string, { referrer = '', query = {}, headers = {} }: ArriveOptions = {}): Promise<Response> {
    const parameters = new URLSearchParams({ u: page, r: referrer, ...query });
    return this.#keep(await this.#kilde.request(`/t?${parameters}`, { headers: { ...this.#cookies(), ...headers } }));
  }

  /** Sends a form as a browser does, and follows nothing. */
  async send(form: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    return this.#keep(
      await this.#kilde.request(`/f/${form}`, {
        method: 'POST',
        headers: {
          accept: 'text/html,application/xhtml+xml',
          'content-type': 'application/x-www-form-urlencoded',
          ...this.#cookies(),
          ...headers,
        },
        body: new URLSearchParams(fields).toString(),
      }),
    );
  }

  #cookies(): Record<string, string> {
    return this.cookie === undefined ? {} : { cookie: `kilde_journey=${this.cookie}` };
  }

  #keep(response: Response): Response {
    const cookie = /kilde_journey=([^;]*)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
    if (cookie !== undefined) this.cookie = cookie || undefined;
    return response;
  }
}

type ArriveOptions = { referrer?: string; query?: Record<string, string>; headers?: Record<string, string> };
