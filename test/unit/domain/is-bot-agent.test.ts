import crawlers from 'crawler-user-agents';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isBotAgent } from '../../../src/domain/capture/is-bot-agent.ts';

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
  'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)',
  'meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)',
  'meta-externalagent/1.1',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot',
  'Perplexity-User/1.0',
  'anthropic-ai',
  'Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Slackbot 1.0 (+https://api.slack.com/robots)',
  'Twitterbot/1.0',
  'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  'WhatsApp/2.23.20.0',
  'WhatsApp/2.2336.9 N',
  'TelegramBot (like TwitterBot)',
  'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  'Mozilla/5.0 (compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview)',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  'Mozilla/5.0 (Linux; Android 8.0; Pixel 2 Build/OPD3.170816.012; Storebot-Google/1.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/81.0.4044.138 Mobile Safari/537.36',
  'AdsBot-Google (+http://www.google.com/adsbot.html)',
  'Mediapartners-Google',
  'Google-Read-Aloud',
  'ia_archiver',
  'Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.social/)',
  'Microsoft Office Existence Discovery',
  'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 PTST/240',
  'Mozilla/5.0 (compatible; Siteimprove.com)',
  'W3C_Validator/1.3',
  'Turnitin (https://bit.ly/2UvnfoQ)',
  'NotionEmbedder',
  'Valve/Steam HTTP Client 1.0 (SteamChatURLLookup)',
  'Misskey/2025.1 (https://misskey.io)',
  'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
];

const visitorsAndTools = [
  '',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 [FBAN/FBIOS;FBAV/485.0;FBBV/1]',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 357.0.0.25.105',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/22B83 Safari/604.1 [LinkedInApp]/9.30',
  'Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 14; DISCOVERY_2_ME) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 7.0; M bot 60) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0.4472.120 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; U; Android 7.0; de-de; M bot 60 (Dual) Build/NRD90M) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30',
  'Mozilla/5.0 (Linux; Android 9; CUBOT X18 Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.88 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 11; Arcelik Google TV Build/RTT0.220929.001) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/84.0.4147.140 Safari/537.36 OPR/46.0.2207.0 OMI/4.21.4.112.Catcher4.69 Model/Hisense-MT9602',
  'Mozilla/5.0 (Linux; U; Android 5.0.2; zh-cn; Redmi Note 2 Build/LRX22G) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30 SogouMSE,SogouMobileBrowser/3.8.5',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GoogleLens/1.0 Mobile/15E148 Safari/604.1',
  'Mozilla/4.0 (compatible; MSIE 7.0; Windows Phone OS 7.0; Trident/3.1; IEMobile/7.0; HTC; Radar)',
  'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; Embedded Web Browser from: http://bsalsa.com/)',
  'Mozilla/5.0 (compatible; Konqueror/4.5; Linux) KHTML/4.5.4 (like Gecko)',
  'Mozilla/5.0 (Linux; Android 10; BQ-5046L; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/81.0.4044.138 Mobile Safari/537.36 YandexSearch/7.52',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/84.0 Safari/537.36 HbbTV/1.5.1 (+DRM;Hisense;SmartTV_2021_51;)',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Feedly/100',
  'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; MSOffice 12)',
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
];

describe('isBotAgent', () => {
  it.each(bots)('%s is a bot', (agent) => expect(isBotAgent(agent)).toBe(true));
  it.each(visitorsAndTools)('%j is none', (agent) => expect(isBotAgent(agent)).toBe(false));

  it('holds none of the browsers that a package collected from real visits', () => {
    // The package gives its agents at random; the list itself is what it draws from.
    const file = new URL('user-agents.json', import.meta.resolve('user-agents'));
    const visits = JSON.parse(readFileSync(file, 'utf8')) as { userAgent: string }[];
    const agents = [...new Set(visits.map(({ userAgent }) => userAgent))];
    expect(agents.length).toBeGreaterThan(900);
    expect(agents.filter(isBotAgent)).toEqual([]);
  });

  it('finds the robots that a package lists, but for HTTP clients, monitors and names that say nothing', () => {
    const agents = [...new Set(crawlers.flatMap(({ instances }) => instances))];
    const found = agents.filter(isBotAgent).length;
    expect(agents.length).toBeGreaterThan(2000);
    expect(found / agents.length).toBeGreaterThan(0.75);
    const withAddress = agents.filter((agent) => /compatible; [^()]*\+https?:/.test(agent));
    expect(withAddress.length).toBeGreaterThan(500);
    expect(withAddress.filter((agent) => !isBotAgent(agent))).toEqual([]);
  });

  it('is not led astray by the name of an Android device', () => {
    const word = fc.constantFrom(
      ...'DISCOVERY bot M Bot crawl spider scan catch detect preview Radar feed news archive Google Sogou analyzer audit fuzz RSS'.split(
        ' ',
      ),
      'Google TV',
      'Web Preview',
      'bot 60 (Dual)',
    );
    const model = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(model, fc.integer({ min: 4, max: 20 }), fc.boolean(), (name, version, hasBuild) => {
        const device = `(Linux; Android ${version}; ${name}${hasBuild ? ` Build/${name.replaceAll(' ', '_')}` : ''})`;
        const agent = `Mozilla/5.0 ${device} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36`;
        expect(isBotAgent(agent)).toBe(false);
        expect(isBotAgent(`${agent} (compatible; Anything/1.0; +http://anything.example/)`)).toBe(true);
      }),
    );
  });

  it('finds whoever gives an address, whatever the name', () => {
    const name = fc.stringMatching(/^[A-Za-z][\w-]{0,20}$/).filter((text) => !/^msie/i.test(text));
    const address = fc.constantFrom(
      'http://x.example/a',
      '+https://x.example',
      'me@x.example',
      '+me@x.example',
      'www.x.example',
    );
    fc.assert(
      fc.property(name, address, (robot, contact) => {
        expect(isBotAgent(`Mozilla/5.0 (compatible; ${robot}/1.0; ${contact})`)).toBe(true);
      }),
    );
  });

  it('answers for any text, and looks at its first 512 characters alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        expect(typeof isBotAgent(rest)).toBe('boolean');
        for (const start of [
          'a',
          'a/',
          '(',
          ' ',
          'Mozilla/5.0 (',
          '1.',
          '(android ',
          '(android (',
          'compatible;',
          '-user',
        ]) {
          const agent = start.repeat(512).slice(0, 512);
          expect(isBotAgent(`${agent}${rest} (compatible; Googlebot/2.1; +http://x.example)`)).toBe(isBotAgent(agent));
        }
      }),
    );
    expect(isBotAgent(`${'a'.repeat(512)} Googlebot`)).toBe(false);
  });
});
