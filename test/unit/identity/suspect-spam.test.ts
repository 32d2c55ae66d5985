import fc from 'fast-check';
import packed from '../../../assets/mail-domains.json' with { type: 'json' };
import { MailDomains } from '../../../src/domain/identity/mail-domains.ts';
import { list } from 'isbot';
import { describe, expect, it } from 'vitest';
import { isBotAgent, type SpamEvidence, suspectSpam, toolPatterns } from '../../../src/domain/identity/suspect-spam.ts';

const honest: SpamEvidence = {
  honeypot: undefined,
  elapsedMs: 12_000,
  minimumMs: 2000,
  userAgent:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  emailDomain: 'firma.no',
  captcha: 'notAsked',
  mailDomains: new MailDomains(packed),
};

const bots = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
  'Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)',
  'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
  'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Mozilla/5.0 (compatible; Unheardof/1.0; +https://unheardof.example/about)',
  'Scrapy/2.11.0 (+https://scrapy.org)',
  'CCBot/2.0 (https://commoncrawl.org/faq/)',
  'ClaudeBot/1.0; +claudebot@anthropic.com',
  'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
];

const visitorsAndTools = [
  '',
  honest.userAgent,
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 [FBAN/FBIOS;FBAV/485.0;FBBV/1]',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 357.0.0.25.105',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/22B83 Safari/604.1 [LinkedInApp]/9.30',
  'Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
  'Playwright/1.48.0 (x64; ubuntu 24.04) node/24.0',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Cypress/13.15.0 Chrome/118.0.5993.159 Electron/27.3.10 Safari/537.36',
  'curl/8.5.0',
  'Wget/1.21.4',
  'node',
  'node-fetch',
  'undici',
  'python-requests/2.32.3',
  'Python/3.12 aiohttp/3.9.5',
  'python-httpx/0.27.2',
  'Python-urllib/3.12',
  'Go-http-client/1.1',
  'Go-http-client/2.0',
  'axios/1.7.7',
  'okhttp/4.12.0',
  'Java/17.0.1',
  'Java-http-client/21.0.1',
  'Apache-HttpClient/4.5.14 (Java/17.0.1)',
  'PostmanRuntime/7.42.0',
  'insomnia/10.0.0',
  'HTTPie/3.2.4',
  'GuzzleHttp/7',
  'PHP/8.3',
  'WordPress/6.6.2; https://www.firma.no',
  'Ruby',
  'Faraday v2.12.0',
  'libwww-perl/6.77',
  'Deno/2.0.0',
  'Bun/1.1.30',
  'Dart/3.5 (dart:io)',
  'reqwest/0.12',
  'RestSharp/112.1.0.0',
  'firma-integration/1.0',
  'Zapier',
  'Make/production',
  'autocannon',
  'k6/0.54.0 (https://k6.io/)',
  'Mozilla/5.0 (Windows NT; Windows NT 10.0; nb-NO) WindowsPowerShell/5.1.19041.4648',
  'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
  'Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)',
];

describe('isBotAgent', () => {
  it.each(bots)('%s is a bot', (agent) => expect(isBotAgent(agent)).toBe(true));
  it.each(visitorsAndTools)('%j is none', (agent) => expect(isBotAgent(agent)).toBe(false));

  it('sets aside patterns that isbot still has', () => {
    expect(toolPatterns.filter((pattern) => !list.includes(pattern))).toEqual([]);
  });

  it('answers for any text, soon', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (agent) => typeof isBotAgent(agent) === 'boolean'));
    for (const part of ['a', 'a/', '(', ' ', 'Mozilla/5.0 (', '1.']) {
      const start = performance.now();
      isBotAgent(part.repeat(100_000));
      expect(performance.now() - start).toBeLessThan(200);
    }
  });
});

describe('suspectSpam', () => {
  it.each<[Partial<SpamEvidence>, string[]]>([
    [{}, []],
    [{ honeypot: '' }, []],
    [{ honeypot: '  ' }, []],
    [{ honeypot: 'http://spam.example' }, ['honeypot']],
    [{ elapsedMs: 1999 }, ['tooFast']],
    [{ elapsedMs: 2000 }, []],
    [{ elapsedMs: 0 }, ['tooFast']],
    [{ elapsedMs: 0, minimumMs: 0 }, []],
    [{ elapsedMs: null }, []],
    [{ elapsedMs: -5000 }, []],
    [{ elapsedMs: Number.NaN }, []],
    [{ userAgent: bots[0] ?? '' }, ['bot']],
    [{ userAgent: '' }, []],
    [{ captcha: 'passed' }, []],
    [{ captcha: 'failed' }, ['captcha']],
    [{ captcha: 'absent' }, ['captcha']],
    [{ captcha: 'unavailable' }, []],
    [{ captcha: 'notConfigured' }, ['captchaNotConfigured']],
    [{ emailDomain: 'in.mailinator.com' }, ['disposableEmail']],
    [{ emailDomain: 'gmail.com' }, []],
    [{ emailDomain: null }, []],
    [
      { honeypot: 'x', elapsedMs: 1, userAgent: bots[3] ?? '', captcha: 'failed', emailDomain: 'yopmail.com' },
      ['honeypot', 'tooFast', 'bot', 'captcha', 'disposableEmail'],
    ],
  ])('%j: %j', (evidence, reasons) => {
    expect(suspectSpam({ ...honest, ...evidence })).toEqual(reasons);
  });
});
