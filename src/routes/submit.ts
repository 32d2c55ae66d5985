import type { Context, Hono } from 'hono';
import { KildeError } from '../domain/errors.ts';
import type { Deps } from '../http/deps.ts';
import { sha256Hex } from '../domain/sha256-hex.ts';
import { readJourneyCookie } from '../http/journey-cookie.ts';
import { addressOf, limitRate } from '../http/limit-rate.ts';
import { noteFault } from '../http/log-fault.ts';
import { ownAddress } from '../http/own-address.ts';
import { problemResponse } from '../http/problem.ts';
import { readFormBody } from '../http/read-form-body.ts';
import { problemPage, thanksPage } from '../http/submission-pages.ts';
import { checkTurnstile } from '../services/check-turnstile.ts';
import type { FormWithSite } from '../services/capture-settings.ts';
import { quarantineSubmission } from '../services/quarantine-submission.ts';
import { isForQueue, sendToQueue, storeOrQueue, withPatience } from '../services/queue-submission.ts';
import { readSubmission, whySuspect } from '../services/read-submission.ts';
import { openForm, submitForm } from '../services/submit-form.ts';
import { nextUrl } from '../http/next-url.ts';
import { refuseOrigin } from '../services/origins.ts';
import type { SentFrom } from '../services/origins.ts';

/** The form endpoint: `POST /f/:form`, its preflight, and the page a browser is left on. */
export function addSubmitRoutes({ app, deps }: { app: Hono; deps: Deps }): void {
  app.post('/f/:form', async (c) => {
    let json = wantsJson({ c, isJson: /\bjson\b/i.test(c.req.header('content-type') ?? '') });
    try {
      const at = deps.clock();
      const key = c.req.param('form');
      await limitRate(deps.limits.addresses, addressOf(c));
      await limitRate(deps.limits.forms, key);
      const form = await findForm({ deps, key, at });
      const refused = form ? allowOrigin({ c, form }) : reflectOrigin(c);
      const { fields, isJson } = await readFormBody(c.req.raw);
      json = wantsJson({ c, isJson });
      if (refused) throw refused;
      const { inbound, control } = await readSubmission({
        deps,
        id: deps.newId(),
        formKey: key,
        at,
        fields,
        honeypotField: form?.honeypotField ?? defaultHoneypot,
        journeyToken: keepsNoJourney(c) ? undefined : (readJourneyCookie(c) ?? fieldText(fields, '_journey')),
        referer: c.req.header('referer') ?? null,
        idempotencyKey: c.req.header('idempotency-key') ?? null,
      });
      if (isBrowserNavigation(c)) {
        // A second click comes from the same page and the same journey; who has been away in between sends anew.
        inbound.contentHash = await sha256Hex(JSON.stringify([key, fields, inbound.page, inbound.journey]));
      }
      const userAgent = c.req.header('user-agent') ?? '';
      if (!form) {
        await sendToQueue(deps, { inbound, reasons: [], unjudged: { control, userAgent, sentFrom: sentFrom(c) } });
        return json ? c.json({ id: inbound.id }, 201) : c.redirect(`/f/${encodeURIComponent(key)}/thanks`, 303);
      }

      const captcha = form.turnstile
        ? await checkTurnstile({ deps, token: control.turnstileToken, address: c.req.header('cf-connecting-ip') })
        : 'notAsked';
      const mailDomains = await deps.settings.mailDomains();
      const reasons = whySuspect({ form, inbound, control, captcha, userAgent, mailDomains });
      const { id } = await storeOrQueue(deps, {
        store: async () =>
          reasons.length > 0
            ? quarantineSubmission(deps, { inbound, formId: form.id, reasons })
            : submitForm(deps, { inbound }),
        message: { inbound, reasons, unjudged: null },
      });
      if (json) return c.json({ id }, 201);
      return c.redirect(nextUrl({ c, form, next: control.next }), 303);
    } catch (thrown) {
      const error = noteFault(thrown, { c, route: 'POST /f/:form' });
      if (json) return withCors({ c, response: problemResponse(error) });
      return problemPage({ error, acceptLanguage: c.req.header('accept-language'), back: c.req.header('referer') });
    }
  });

  app.options('/f/:form', async (c) => {
    const form = await findForm({ deps, key: c.req.param('form'), at: deps.clock(), release: true });
    if (!(form ? allowOrigin({ c, form }) : reflectOrigin(c))) {
      c.header('access-control-allow-methods', 'POST');
      c.header('access-control-allow-headers', 'content-type, accept, idempotency-key, x-requested-with');
      c.header('access-control-max-age', '600');
    }
    return c.body(null, 204);
  });

  app.get('/f/:form/thanks', (c) => thanksPage({ acceptLanguage: c.req.header('accept-language') }));

  app.get('/f/:form', (c) => {
    const error = new KildeError('method_not_allowed', 'This address takes a form: send it with POST.');
    return wantsJson({ c, isJson: false })
      ? problemResponse(error)
      : problemPage({ error, acceptLanguage: c.req.header('accept-language'), back: c.req.header('referer') });
  });
}

/** JSON for `fetch`, a redirect for a browser: what `Accept` names decides, else the type of the body. */
function wantsJson({ c, isJson }: { c: Context; isJson: boolean }): boolean {
  const accept = c.req.header('accept') ?? '';
  if (/\btext\/html\b/i.test(accept)) return false;
  return isJson || /\bapplication\/(problem\+)?json\b/i.test(accept);
}

/** A form sent by the browser itself, where a second click sends the same again. */
function isBrowserNavigation(c: Context): boolean {
  return c.req.header('sec-fetch-mode') === 'navigate' || /\btext\/html\b/i.test(c.req.header('accept') ?? '');
}

function keepsNoJourney(c: Context): boolean {
  return c.req.header('sec-gpc') === '1';
}

function fieldText(fields: Record<string, string | string[]>, name: string): string | undefined {
  return [fields[name]].flat()[0];
}

/** The form; null where nothing is known of it and the database is away: what was sent still must not be lost. */
async function findForm({
  deps,
  ...asked
}: { deps: Deps } & Parameters<typeof openForm>[1]): Promise<FormWithSite | null> {
  try {
    return (await withPatience(deps, openForm(deps, asked))).form;
  } catch (error) {
    if (!isForQueue(deps, error)) throw error;
    return deps.settings.remembered(asked.key);
  }
}

/** What a form's honeypot is called unless it says otherwise. */
const defaultHoneypot = '_gotcha';

/** Nothing is known of the form: a page may send it, and learns no more than that it was taken. */
function reflectOrigin(c: Context): null {
  const origin = c.req.header('origin');
  if (origin === undefined) return null;
  c.header('access-control-allow-origin', origin);
  c.header('access-control-allow-credentials', 'true');
  c.header('vary', 'Origin', { append: true });
  return null;
}

function sentFrom(c: Context): SentFrom {
  return { origin: c.req.header('origin') ?? null, ownHost: ownAddress(c).hostname };
}

/** Sets the CORS headers where the page may send this form, else answers with what refuses it. */
function allowOrigin({ c, form }: { c: Context; form: FormWithSite }): KildeError | null {
  const origin = c.req.header('origin');
  if (origin === undefined) return null;
  const refused = refuseOrigin(form, sentFrom(c));
  if (refused) return refused;
  c.header('access-control-allow-origin', origin);
  c.header('access-control-allow-credentials', 'true');
  c.header('vary', 'Origin');
  return null;
}

/** Headers set on the context, on a response made beside it. */
function withCors({ c, response }: { c: Context; response: Response }): Response {
  for (const name of ['access-control-allow-origin', 'access-control-allow-credentials', 'vary']) {
    const value = c.res.headers.get(name);
    if (value) response.headers.set(name, value);
  }
  return response;
}
