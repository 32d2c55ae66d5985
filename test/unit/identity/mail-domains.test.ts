import disposable from 'disposable-email-domains-js/dist/dict/disposable_email_blocklist.json' with { type: 'json' };
import providers from 'email-providers/all.json' with { type: 'json' };
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import packed from '../../../assets/mail-domains.json' with { type: 'json' };
import { MailDomains } from '../../../src/domain/hosts/mail-domains.ts';
import { hasDomain, packDomains } from '../../../src/domain/hosts/packed-domains.ts';
import { renderMailDomainLists } from '../../../tools/build-mail-domains.ts';

const mailDomains = new MailDomains(packed);
const isFreeMailDomain = (domain: string) => mailDomains.isFree(domain);
const isDisposableDomain = (domain: string) => mailDomains.isDisposable(domain);

const free = `
  gmail.com googlemail.com outlook.com hotmail.com live.com msn.com icloud.com me.com yahoo.com aol.com proton.me pm.me tutanota.com hey.com
  fastmail.com online.no broadpark.no live.no hotmail.no yahoo.no getmail.no frisurf.no start.no lyse.net telia.com comhem.se spray.se
  mail.dk jubii.dk gmx.de gmx.net web.de t-online.de orange.fr free.fr laposte.net libero.it wp.pl o2.pl seznam.cz mail.ru yandex.ru
  qq.com 163.com naver.com yahoo.co.jp yahoo.com.br hotmail.co.uk yahoo.no googlemail.de mail2marvin.com duck.com privaterelay.appleid.com
  sify.com 21cn.com
  netcologne.de osnanet.de caiway.nl scarlet.be privat.dk post.tele.dk post8.tele.dk welho.com altibox.no bkkfiber.no haugnett.no enivest.net
  tussa.com mimer.no ntebb.no sfjbb.net svorka.net vikenfiber.no kvamnet.no neasonline.no halden.net bbnett.no netaachen.de htp-tel.de
  mnet-online.de unity-mail.de zeelandnet.nl solcon.nl telenet.be brutele.be elisanet.fi netikka.fi surffi.net stofanet.dk energimail.dk
  comhem.se bostream.nu tninet.se simnet.is bluewin.ch aon.at pt.lu eircom.net hansen.dk`;

const throwAway =
  'mailinator.com yopmail.com guerrillamail.com 10minutemail.com temp-mail.org trashmail.com sharklasers.com maildrop.cc dispostable.com';

const firms = `
  firma.no equinor.com dnb.no telenor.com microsoft.com google.com apple.com facebook.com ibm.com github.com harvard.edu uio.no nus.edu.sg
  example.com acme.example live.events outlook.studio gmx.studio hotmail.firma.no.evil.example yahoo.firma.no mail2.com mail2go.net
  lyse.no bkk.no ntnu.no royalmail.com notosnanet.de tele.dk.firma.no tele.com
  notgmail.com gmail.com.firma.no com.ar pp.ua co.uk no com localhost`;

describe('free mail domains', () => {
  it.each(words(free))('%s gives addresses to anybody', (domain) => {
    expect([isFreeMailDomain(domain), isDisposableDomain(domain)]).toEqual([true, false]);
  });

  it.each(words(throwAway))('%s hands out throw-away addresses', (domain) => {
    expect([isFreeMailDomain(domain), isDisposableDomain(domain)]).toEqual([false, true]);
  });

  it.each(words(firms))('%s is neither', (domain) => {
    expect([isFreeMailDomain(domain), isDisposableDomain(domain)]).toEqual([false, false]);
  });

  it('counts a subdomain as its parent', () => {
    expect(isDisposableDomain('in.box.mailinator.com')).toBe(true);
    expect(isFreeMailDomain('mail.online.no')).toBe(true);
  });

  it('knows every throw-away domain of the package, but for providers and public suffixes', () => {
    const missing = disposable.filter(
      (name) => !isDisposableDomain(new URL(`http://${name.split('@').pop()}`).hostname),
    );
    expect(missing.toSorted()).toEqual([
      '21cn.com',
      'dns.army',
      'dns.navy',
      'sify.com',
      'v6.army',
      'v6.navy',
      'v6.rocks',
    ]);
  });

  it('knows every provider of the package, but for what is left out by name or by rule', () => {
    const missing = providers.filter((name) => !isFreeMailDomain(name) && !isDisposableDomain(name));
    expect(missing.filter((name) => /^[ -~]+$/u.test(name)).toSorted()).toMatchSnapshot();
  });

  it('is answered from a file that matches the installed packages', async () => {
    const file = new URL('../../../assets/mail-domains.json', import.meta.url);
    expect((await readFile(file, 'utf8')) === renderMailDomainLists(), 'run `node tools/build-mail-domains.ts`').toBe(
      true,
    );
  });

  it('answers for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => !(isFreeMailDomain(text) && isDisposableDomain(text))),
    );
  });
});

describe('packed domains', () => {
  const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/u);
  const domain = fc
    .tuple(label, fc.array(label, { maxLength: 2 }), fc.constantFrom('com', 'no', 'co.uk'))
    .map(([name, inner, suffix]) => [name, ...inner, suffix].join('.'));

  it('holds what was packed, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(domain), fc.array(domain), (domains, others) => {
        const packed = packDomains(domains);
        const parts = domains.flatMap((one) => [one.slice(1), one.slice(0, -1), `a${one}`]);
        const asked = [...domains, ...others, ...parts];
        expect(asked.filter((one) => hasDomain(packed, one))).toEqual(asked.filter((one) => domains.includes(one)));
      }),
    );
  });
});

function words(text: string): string[] {
  return text.split(/\s+/u).filter(Boolean);
}
