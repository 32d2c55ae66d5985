import { Hono } from 'hono';
import type { Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import { notFound } from '../../domain/errors.ts';
import { answerOtherMethod } from '../../http/allowed-methods.ts';
import { startPage, landingPage, resultPage } from '../../http/demo-pages.ts';
import { readDemoTexts } from '../../http/demo-texts.ts';
import type { Deps } from '../../http/deps.ts';
import { journeyCookie, readJourneyCookie } from '../../http/journey-cookie.ts';
import { ownAddress, ownPath, ownUrl } from '../../http/own-address.ts';
import { preferredLanguage } from '../../http/page.ts';
import { problemResponse } from '../../http/problem.ts';
import { demoVisitMs, readDemo } from '../../services/capture/read-demo.ts';

const visitCookie = 'kilde_demo';
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * `/demo`: the worked example, doable in a browser; served where `KILDE_DEMO` is 1.
 *
 * The result shows a person, so it has to know whose it is: a random visit id, in a cookie that no script reads, stands
 * in front of the `_id` of every form of the demo, and only a person created by such a submission is shown.
 */
export function createDemo(deps: Deps): Hono {
  const app = new Hono();
  app.notFound((c) => {
    if (/^\/demo(\/landing|\/result)?$/.test(c.req.path)) return answerOtherMethod(c, 'GET, HEAD, OPTIONS');
    if (c.req.path === '/demo/restart') return answerOtherMethod(c, 'POST, OPTIONS');
    return problemResponse(notFound('page'), { c });
  });
  // The application around it answers errors.
  app.onError((error) => {
    throw error;
  });

  app.get('/demo', async (c) => startPage(await visitorOf({ c, deps })));

  app.get('/demo/landing', async (c) => {
    const visit = readVisit(c) ?? crypto.randomUUID();
    const held = await readDemo(deps, { visit });
    const response = landingPage({
      ...(await visitorOf({ c, deps })),
      submissionId: `${visit}.${crypto.randomUUID().slice(0, 8)}`,
      source: c.req.query('utm_source') ?? null,
      // Another address each time: whoever does the demo again wants to be somebody new.
      email:
        held.state === 'created' && held.person.email !== null
          ? held.person.email
          : `kari@fjord-${1_000 + Math.floor(Math.random() * 9_000)}.example`,
    });
    response.headers.append('set-cookie', visitCookieOf({ c, deps, visit, maxAgeSeconds: demoVisitMs / 1_000 }));
    return response;
  });

  app.get('/demo/result', async (c) => {
    const visit = readVisit(c);
    const result = visit ? await readDemo(deps, { visit }) : ({ state: 'nothing' } as const);
    const apiUrl = ownUrl({ c, config: deps.config }, '/api/v1/people');
    return resultPage({ ...(await visitorOf({ c, deps })), result, apiUrl });
  });

  app.post('/demo/restart', (c) => {
    const answer = c.redirect(ownPath({ c, config: deps.config }, '/demo'), 303);
    answer.headers.append('set-cookie', journeyCookie({ token: '', address: ownAddress(c) }));
    answer.headers.append('set-cookie', visitCookieOf({ c, deps, visit: '', maxAgeSeconds: 0 }));
    return answer;
  });
  return app;
}

function readVisit(c: Context): string | undefined {
  const visit = getCookie(c, visitCookie);
  return visit && uuid.test(visit) ? visit : undefined;
}

function visitCookieOf({
  c,
  deps: { config },
  visit,
  maxAgeSeconds,
}: {
  c: Context;
  deps: Deps;
  visit: string;
  maxAgeSeconds: number;
}): string {
  const secure = c.req.url.startsWith('https:');
  return generateCookie(visitCookie, visit, {
    path: ownPath({ c, config }, '/demo'),
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: maxAgeSeconds,
    secure,
  });
}

/** What the pages need to know of their reader. */
async function visitorOf({ c, deps }: { c: Context; deps: Deps }) {
  return {
    base: ownPath({ c, config: deps.config }, ''),
    language: preferredLanguage(c.req.header('accept-language')),
    journey: (await deps.signer.verify(readJourneyCookie(c))) ?? [],
    refusesJourney: c.req.header('sec-gpc') === '1',
    now: deps.clock(),
    texts: await readDemoTexts(deps),
  };
}
