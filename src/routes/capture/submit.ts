import type { Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { KildeError, notFound } from '../../domain/errors.ts';
import type { SentFile } from '../../domain/capture/file-rules.ts';
import type { FormFields } from '../../domain/capture/reserved-fields.ts';
import type { Deps } from '../../http/deps.ts';
import { sha256Hex } from '../../domain/sha256-hex.ts';
import { corsHeaders } from '../../http/cors-headers.ts';
import { journeyCookieNameOf, readJourneyCookie } from '../../http/journey-cookie.ts';
import { limitKeyOf, limitRate } from '../../http/limit-rate.ts';
import { noteFault } from '../../http/log-fault.ts';
import { ownAddress, ownPath, ownUrl } from '../../http/own-address.ts';
import { problemResponse } from '../../http/problem.ts';
import { readFormBody } from '../../http/read-form-body.ts';
import { addSecureHeaders, dataResponse } from '../../http/secure-headers.ts';
import { checkTurnstile } from '../../services/capture/check-turnstile.ts';
import { takesJourneyOf } from '../../services/capture-settings.ts';
import type { FormWithSite } from '../../services/capture-settings.ts';
import { demoFormKey } from '../../domain/capture/demo-form.ts';
import { readSender } from '../../services/capture/prepare-lead.ts';
import { quarantineSubmission } from '../../services/capture/quarantine/quarantine-submission.ts';
import { isForQueue, sendToQueue, storeOrQueue, withPatience } from '../../services/capture/queue-submission.ts';
import { readSubmission, whySuspect } from '../../services/capture/read-submission.ts';
import { openForm, submitForm } from '../../services/capture/submit-form.ts';
import { nextUrl } from '../../http/next-url.ts';
import { refuseOrigin } from '../../services/capture/page-hosts.ts';
import type { SentFrom } from '../../services/capture/page-hosts.ts';

/**
 * `POST /f/:form`. Says itself what `secureHeaders` says elsewhere: on the busiest paths, each step between the platform and what
 * they do is felt.
 */
export function addSubmitRoute({ app, deps }: { app: Hono; deps: Deps }): void {
  app.post('/f/:form', async (c) => {
    const type = c.req.header('content-type') ?? '';
    const accept = c.req.header('accept') ?? '';
    const script = isScript(c, accept);
    let json = script || wantsJson({ accept, isJson: /\bjson\b/i.test(type) });
    const isHttps = c.req.url.startsWith('https:');
    let cors: Record<string, string> = {};
    const withHeaders = (response: Response): Response => {
      for (const name in cors) response.headers.set(name, cors[name]!);
      addSecureHeaders(response, { isHttps });
      return response;
    };
    const taken = ({ id, next }: { id: string; next: () => string }): Response =>
      json
        ? dataResponse(JSON.stringify({ id }), {
            status: 201,
            headers: { 'content-type': 'application/json', ...cors },
            isHttps,
          })
        : withHeaders(c.redirect(next(), 303));
    try {
      const at = deps.clock();
      const key = c.req.param('form');
      await limitRate(deps.limits, { limit: 'addresses', key: limitKeyOf(c) });
      await limitRate(deps.limits, { limit: 'forms', key });
      const { form, origin } = await findAllowed({ c, deps, key, at });
      cors = origin.cors;
      const files: SentFile[] | null = form?.storeFiles && deps.files ? [] : null;
      const { fields, isJson } = await readFormBody({ request: c.req.raw, type, files });
      json = script || wantsJson({ accept, isJson });
      if (origin.refused) throw origin.refused;
      const {
        inbound: read,
        control,
        journeySite,
      } = await readSubmission({
        deps,
        id: deps.newId(),
        formKey: key,
        at,
        fields,
        honeypotField: form?.honeypotField ?? defaultHoneypot,
        journeyTokens: journeyTokensOf({ c, form, fields }),
        takesJourneyOf: (site) => form === null || takesJourneyOf(form.site, site),
        referer: c.req.header('referer') ?? null,
        pageOrigin: c.req.header('origin') ?? null,
        idempotencyKey: c.req.header('idempotency-key') ?? null,
      });
      if (form?.consents.some(({ doubleOptIn }) => doubleOptIn)) {
        read.formUrl = ownUrl({ c, config: deps.config }, `/f/${encodeURIComponent(key)}`);
      }
      if (script || isBrowserNavigation({ c, accept })) {
        // A second click comes from the same page and the same journey; who has been away in between sends anew.
        read.contentHash = await sha256Hex(JSON.stringify([key, fields, read.page, read.journey]));
      }
      const inbound = files?.length
        ? await (
            await import('../../services/capture/files/store-sent-files.ts')
          ).storeSentFiles(deps, { inbound: read, sent: files })
        : read;
      const userAgent = c.req.header('user-agent') ?? '';
      if (!form) {
        await sendToQueue(deps, {
          inbound,
          reasons: [],
          unjudged: { control, userAgent, sentFrom: sentFrom(c), journeySite },
        });
        return taken({ id: inbound.id, next: () => thanksPath({ c, deps, key }) });
      }

      const sender = readSender({ inbound, form });
      const captcha = form.turnstile
        ? await checkTurnstile({ deps, token: control.turnstileToken, address: c.req.header('cf-connecting-ip') })
        : 'notAsked';
      const mailDomains = await deps.settings.mailDomains();
      const reasons = whySuspect({ sender, control, captcha, userAgent, mailDomains });
      const { id } = await storeOrQueue(deps, {
        store: async () => {
          if (inbound.files)
            await (await import('../../services/capture/files/name-files.ts')).nameFiles(deps, inbound);
          return reasons.length > 0
            ? quarantineSubmission(deps, { inbound, sender, reasons })
            : submitForm(deps, { inbound, sender });
        },
        message: { inbound, reasons, unjudged: null },
      });
      return taken({
        id,
        next: () =>
          nextUrl({
            c,
            form,
            next: control.next,
            thanks: thanksPath({ c, deps, key }),
            publicUrl: deps.config.publicUrl,
          }),
      });
    } catch (thrown) {
      const error = noteFault(thrown, { c, route: 'POST /f/:form' });
      return withHeaders(
        json ? problemResponse(error, { c }) : await problemPageFor({ c, deps, key: c.req.param('form'), error }),
      );
    }
  });
}

/** A form's preflight, and the pages a browser is left on. */
export function addFormPageRoutes({ app, deps }: { app: Hono; deps: Deps }): void {
  app.options('/f/:form', async (c) => {
    const { origin } = await findAllowed({ c, deps, key: c.req.param('form'), at: deps.clock(), release: true });
    const { refused, cors } = origin;
    for (const [name, value] of Object.entries(cors)) c.header(name, value);
    c.header('allow', 'POST, OPTIONS');
    if (!refused) {
      c.header('access-control-allow-methods', 'POST');
      c.header('access-control-allow-headers', 'content-type, accept, idempotency-key, x-requested-with');
      c.header('access-control-max-age', '600');
    }
    return c.body(null, 204);
  });

  app.get('/f/:form/thanks', async (c) => {
    const { thanksPage } = await import('../../http/submission-pages.ts');
    const key = c.req.param('form');
    requireForm({ deps, key });
    const page = thanksPage({
      form: await knownForm(deps, key),
      acceptLanguage: c.req.header('accept-language'),
    });
    // A script that follows the redirect reads the same page as everybody else.
    const origin = c.req.header('origin');
    for (const [name, value] of Object.entries(origin === undefined ? {} : corsHeaders(origin)))
      page.headers.set(name, value);
    return page;
  });

  app.on(['GET', 'POST'], '/f/:form/confirm/:token', async (c) => {
    await limitRate(deps.limits, { limit: 'addresses', key: limitKeyOf(c) });
    const { answerConfirmation } = await import('./confirm-consent.ts');
    return answerConfirmation({ c, deps });
  });

  app.get('/f/:form', async (c) => {
    const key = c.req.param('form');
    requireForm({ deps, key });
    const error = new KildeError('method_not_allowed', 'This address takes a form: send it with POST.');
    const accept = c.req.header('accept') ?? '';
    const allow = 'POST, OPTIONS';
    return wantsJson({ accept, isJson: false })
      ? problemResponse(error, { c, allow })
      : problemPageFor({ c, deps, key, error, allow });
  });
}

/** JSON for `fetch`, a redirect for a browser: what `Accept` names decides, else the type of the body. */
function wantsJson({ accept, isJson }: { accept: string; isJson: boolean }): boolean {
  if (/\btext\/html\b/i.test(accept)) return false;
  return isJson || /\bapplication\/(problem\+)?json\b/i.test(accept);
}

/**
 * Whether a script of a page sends the form: by `Sec-Fetch-Mode`, else by what scripts set. A browser too old to say so (Safari before 16.4)
 * names the page's origin and accepts anything; where it navigates, it asks for HTML.
 */
function isScript(c: Context, accept: string): boolean {
  const mode = c.req.header('sec-fetch-mode');
  if (mode !== undefined) return mode !== 'navigate' && mode !== 'nested-navigate' && mode !== 'websocket';
  if (c.req.header('x-requested-with')?.toLowerCase() === 'xmlhttprequest') return true;
  return accept === '*/*' && c.req.header('origin') !== undefined;
}

/** A form sent by the browser itself, where a second click sends the same again. */
function isBrowserNavigation({ c, accept }: { c: Context; accept: string }): boolean {
  return c.req.header('sec-fetch-mode') === 'navigate' || /\btext\/html\b/i.test(accept);
}

/** Most forms need no page of ours: it is loaded when one does. */
async function problemPageFor({
  c,
  deps,
  key,
  ...problem
}: {
  c: Context;
  deps: Deps;
  key: string;
  error: unknown;
  allow?: string;
}): Promise<Response> {
  const { problemPage } = await import('../../http/submission-pages.ts');
  return problemPage({ c, form: deps.settings.remembered(key), ...problem });
}

/** The form whose texts a page shows; null where there is none, or the database is away: the page has texts of its own. */
export async function knownForm(deps: Deps, key: string): Promise<FormWithSite | null> {
  return (await deps.settings.withForm(key).catch(() => null))?.form ?? deps.settings.remembered(key);
}

function thanksPath({ c, deps: { config }, key }: { c: Context; deps: Deps; key: string }): string {
  return ownPath({ c, config }, `/f/${encodeURIComponent(key)}/thanks`);
}

/** The tokens that a form may come with, the likeliest first: the site's own cookie, the plain one, and what the page kept. */
function journeyTokensOf({ c, form, fields }: { c: Context; form: FormWithSite | null; fields: FormFields }): string[] {
  // Global Privacy Control always means no journey.
  if (c.req.header('sec-gpc') === '1') return [];
  const own = form === null ? undefined : getCookie(c, journeyCookieNameOf(form.site));
  return [own, readJourneyCookie(c), fieldText(fields, '_journey')].filter(
    (one) => one !== undefined && one !== '',
  ) as string[];
}

function fieldText(fields: Record<string, string | string[]>, name: string): string | undefined {
  return [fields[name]].flat()[0];
}

/** The form; null where nothing is known of it and the database is away: what was sent still must not be lost. */
async function findForm({
  deps,
  ...asked
}: { deps: Deps } & Parameters<typeof openForm>[1]): Promise<FormWithSite | null> {
  requireForm({ deps, key: asked.key });
  try {
    return (await withPatience(deps, openForm(deps, asked))).form;
  } catch (error) {
    if (!isForQueue(deps, error)) throw error;
    return deps.settings.remembered(asked.key);
  }
}

/** The form, and whether the page may send it. Its pages may have become more since the form was read: then it is read again. */
async function findAllowed({ c, ...asked }: { c: Context } & Parameters<typeof findForm>[0]): Promise<{
  form: FormWithSite | null;
  origin: ReturnType<typeof allowOrigin>;
}> {
  const known = await findForm(asked);
  const origin = allowOrigin({ c, form: known });
  if (!origin.refused) return { form: known, origin };
  const read = await asked.deps.settings.readForm(asked.key).catch(() => null);
  const form = read?.form ?? known;
  return { form, origin: allowOrigin({ c, form }) };
}

/** The demo's form is there where the demo is. @throws KildeError `not_found`. */
function requireForm({ deps, key }: { deps: Deps; key: string }): void {
  if (key === demoFormKey && !deps.config.demo) throw notFound('form');
}

/** What a form's honeypot is called unless it says otherwise. */
const defaultHoneypot = '_gotcha';

function sentFrom(c: Context): SentFrom {
  return { origin: c.req.header('origin') ?? null, ownHost: ownAddress(c).hostname };
}

/**
 * The CORS headers of what the page is answered, or what refuses it. Where nothing is known of the form, any page may send it, and
 * learns no more than that it was taken.
 */
function allowOrigin({ c, form }: { c: Context; form: FormWithSite | null }): {
  refused: KildeError | null;
  cors: Record<string, string>;
} {
  const origin = c.req.header('origin');
  if (origin === undefined) return { refused: null, cors: {} };
  const refused = form && refuseOrigin(form, sentFrom(c));
  if (refused) return { refused, cors: {} };
  return { refused: null, cors: corsHeaders(origin) };
}
