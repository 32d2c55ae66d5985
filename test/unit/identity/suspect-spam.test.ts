import packed from '../../../assets/mail-domains.json' with { type: 'json' };
import { MailDomains } from '../../../src/domain/hosts/mail-domains.ts';
import { describe, expect, it } from 'vitest';
import { type SpamEvidence, suspectSpam } from '../../../src/domain/capture/suspect-spam.ts';

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

const crawler = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const monitor = 'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)';

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
    [{ userAgent: crawler }, ['bot']],
    [{ userAgent: '' }, []],
    [{ userAgent: monitor }, []],
    [{ userAgent: 'Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)' }, []],
    [{ captcha: 'passed' }, []],
    [{ captcha: 'failed' }, ['captcha']],
    [{ captcha: 'absent' }, ['captcha']],
    [{ captcha: 'unavailable' }, []],
    [{ captcha: 'notConfigured' }, ['captchaNotConfigured']],
    [{ emailDomain: 'in.mailinator.com' }, ['disposableEmail']],
    [{ emailDomain: 'gmail.com' }, []],
    [{ emailDomain: null }, []],
    [
      { honeypot: 'x', elapsedMs: 1, userAgent: crawler, captcha: 'failed', emailDomain: 'yopmail.com' },
      ['honeypot', 'tooFast', 'bot', 'captcha', 'disposableEmail'],
    ],
  ])('%j: %j', (evidence, reasons) => {
    expect(suspectSpam({ ...honest, ...evidence })).toEqual(reasons);
  });
});
