import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import packed from '../../../assets/sources.json' with { type: 'json' };
import { isIgnoredReferrer } from '../../../src/domain/attribution/ignored-referrers.ts';
import { originalHost } from '../../../src/domain/attribution/original-host.ts';
import { readEvidence, readNavigation } from '../../../src/domain/attribution/read-evidence.ts';
import { defaultRules, resolveOrigin } from '../../../src/domain/attribution/resolve-origin.ts';
import { findSourceByHost, sourceCategories } from '../../../src/domain/attribution/sources.ts';
import type { SourceCategory } from '../../../src/domain/attribution/sources.ts';

const rules = defaultRules([]);
const originOf = (query: string, referrer: string | null) =>
  resolveOrigin(readEvidence({ pageUrl: `https://firma.no/?${query}`, referrer }), rules).origin;
const channelOf = (host: string) => originOf('', `https://${host}/`).channel;

const channels: Record<SourceCategory, string> = {
  search: 'Organic Search',
  social: 'Organic Social',
  shopping: 'Organic Shopping',
  video: 'Organic Video',
  email: 'Email',
  ai: 'AI Assistant',
};

/** Every host of the table with the category of its own entry: a family by some of its countries. */
const listed = sourceCategories.flatMap((category) =>
  packed.categories[category].hosts
    .split('\n')
    .flatMap((group) => group.slice(group.indexOf('>') + 1).split(' '))
    .flatMap((pattern): string[] => {
      if (pattern === '' || pattern.startsWith('@')) return [];
      if (pattern.endsWith('.*')) return ['com', 'no', 'de', 'co.uk'].map((country) => pattern.replace('*', country));
      return pattern.startsWith('*.') ? [pattern.slice(2), `x7.${pattern.slice(2)}`] : [pattern];
    })
    .map((host) => ({ host, category })),
);

describe('a host of the table', () => {
  test('has the channel of its own entry', () => {
    expect(listed.length).toBeGreaterThan(1_500);
    // A family's country may be listed on its own: that entry is asked in its place.
    const differing = listed.filter(
      ({ host, category }) => findSourceByHost(host)?.category === category && channelOf(host) !== channels[category],
    );
    expect(differing).toEqual([]);
    const elsewhere = listed.filter(({ host, category }) => findSourceByHost(host)?.category !== category);
    expect(elsewhere).toEqual([]);
  });

  test('is known by its name and by its host in utm_source, with the same channel', () => {
    const differing = listed.filter(({ host, category }) => {
      const name = findSourceByHost(host)?.name ?? '';
      const byHost = originOf(`utm_source=${encodeURIComponent(host)}`, null).channel;
      const byName = originOf(`utm_source=${encodeURIComponent(name)}`, null).channel;
      const isNamed = category !== 'search' && category !== 'email';
      return byHost !== channels[category] || (isNamed && byName !== channels[category]);
    });
    expect(differing).toEqual([]);
  });

  test('is none of those that bring nobody', () => {
    expect(listed.filter(({ host }) => isIgnoredReferrer(host))).toEqual([]);
  });
});

describe('a host that is not listed', () => {
  const label = fc
    .stringMatching(/^[a-z]{3,12}$/)
    .filter((text) => !/mail$|^(?:messagerie|owa|horde|zimbra)/.test(text));
  const domains = [...new Set(listed.map(({ host }) => host))].filter((host) => host.split('.').length === 2);

  test('inherits no channel and no name from its parent', () => {
    const parents = domains.filter((host) => findSourceByHost(`x7.${host}`) === null);
    expect(parents.length).toBeGreaterThan(700);
    fc.assert(
      fc.property(fc.constantFrom(...parents), label, (parent, first) => {
        const host = `${first}.${parent}`;
        fc.pre(findSourceByHost(host) === null && !isIgnoredReferrer(host));
        const { source, medium, channel } = originOf('', `https://${host}/path`);
        expect([source, medium, channel]).toEqual([host, 'referral', 'Referral']);
      }),
    );
  });

  test.each([
    'ads.google.com',
    'docs.google.com',
    'drive.google.com',
    'support.google.com',
    'sites.google.no',
    'meet.google.com',
    'news.yahoo.com',
    'finance.yahoo.com',
    'aws.amazon.com',
    'docs.aws.amazon.com',
    'music.amazon.de',
    'help.openai.com',
    'platform.openai.com',
    'docs.perplexity.ai',
    'docs.mistral.ai',
    'help.instagram.com',
    'developers.facebook.com',
    'support.discord.com',
    'cloud.mail.ru',
    'news.mail.ru',
    'calendar.yandex.ru',
    'boutique.orange.fr',
    'nrk.no',
  ])('%s is a referral', (host) => {
    expect(originOf('', `https://${host}/`)).toMatchObject({ medium: 'referral', channel: 'Referral' });
  });

  test('goes by its domain where that is no source, by itself where it is', () => {
    expect(originOf('', 'https://kultur.nrk.no/').source).toBe('nrk.no');
    expect(originOf('', 'https://docs.google.com/').source).toBe('docs.google.com');
  });
});

test.each([
  ['meta.ua', 'Organic Search'],
  ['e.mail.ru', 'Email'],
  ['touch.mail.ru', 'Email'],
  ['mail.ru', 'Organic Search'],
  ['l.facebook.com', 'Organic Social'],
  ['no.linkedin.com', 'Organic Social'],
  ['api.whatsapp.com', 'Organic Social'],
  ['business.facebook.com', 'Organic Social'],
  ['blog.twitch.tv', 'Organic Video'],
])('%s is %s', (host, channel) => {
  expect(channelOf(host)).toBe(channel);
});

describe('webmail', () => {
  test.each(
    `
    deref-gmx.de deref-gmx.fr deref-gmx.co.uk deref-mail.com deref-mail-02.com deref-1und1-02.de deref-web.de lightmailer.gmx.net
    lightmailer-bap.gmx.net lightmailer-bs.web.de mobilemailer-bs.gmx.net 3c.web.de 3c-bap.web.de 3c.gmx.net 3c-bs.gmx.com 3c-lxa.mail.com
    email.ionos.de mailbusiness.ionos.de mailbusiness.ionos.co.uk email.t-online.de m-email.t-online.de x.col106.mail.live.com
    blu184.mail.live.com eur02.safelinks.protection.outlook.com mail.google.com mail.zoho.eu webmail.altibox.no webmail1.telenor.no
    upcmail.ziggo.nl wmail.orange.es messagerie.orange.fr messageriepro3.orange.fr messagerie-1.sfr.fr zimbra.free.fr poczta.onet.pl
    poczta.o2.pl correo.movistar.es roundcube.bedrift.no owa.oslo.kommune.no mail.bedrift.no mail.example.co.uk mail2.bedrift.no my.mail.de
    webmail.uni-hannover.de securemail.tulsaconnect.com webmail.mail.eu-west-1.awsapps.com us-mg5.mail.yahoo.com navigator-bs.gmx.net
    bap.navigator.web.de outlook.office.com email.seznam.cz vodafonemail.de inbox.lv app.hey.com urldefense.com
    protect-eu.mimecast.com rich-v01.bluewin.ch`
      .split(/\s+/)
      .filter(Boolean),
  )('%s is e-mail', (host) => {
    expect(channelOf(host)).toBe('Email');
  });

  test.each(
    'dailymail.co.uk www.dailymail.co.uk news.dailymail.co.uk mail-archive.com royalmail.com gmailblog.blogspot.com mailchimp.com mailing.firma.no email-marketing.no'.split(
      ' ',
    ),
  )('%s is none', (host) => {
    expect(findSourceByHost(host.replace('www.', ''))?.category ?? null).not.toBe('email');
  });

  test('is what lies below a host that is webmail', () => {
    const label = fc.stringMatching(/^[a-z\d]{1,12}$/);
    const parent = fc.constantFrom(
      'mail.live.com',
      'mail.google.com',
      'webmail.bedrift.no',
      'mail.bedrift.co.uk',
      'outlook.office.com',
    );
    fc.assert(
      fc.property(label, parent, (first, host) => {
        expect(findSourceByHost(`${first}.${host}`)?.category).toBe('email');
      }),
    );
  });
});

describe('ads named in the source', () => {
  const platforms: [names: string[], paid: string][] = [
    [['google', 'bing', 'g', 'ms', 'microsoft', 'yandex', 'duckduckgo', 'google.com'], 'Paid Search'],
    [
      ['facebook', 'fb', 'meta', 'instagram', 'ig', 'linkedin', 'li', 'tiktok', 'tt', 'reddit', 'snapchat', 'x'],
      'Paid Social',
    ],
    [['twitter', 'pinterest', 'quora', 'nextdoor', 'threads', 'm.facebook.com'], 'Paid Social'],
    [['youtube', 'yt', 'vimeo', 'twitch'], 'Paid Video'],
    [['amazon', 'etsy', 'google shopping'], 'Paid Shopping'],
    [['chatgpt', 'perplexity'], 'Paid AI'],
    [['tik.tok', 'insta'], 'Paid Social'],
  ];
  const spellings = platforms.flatMap(([names, paid]) =>
    names.flatMap((name) =>
      [
        `${name}_ads`,
        `${name}-ads`,
        `${name} ads`,
        `${name}.ads`,
        `${name}ads`,
        `${name.toUpperCase()}-Ads`,
        `${name}_ad`,
        `${name} ad`,
        ...(name.includes('.') ? [] : [`ads-${name}`, `ads_${name}`, `ad ${name}`]),
      ].map((source) => [source, paid] as const),
    ),
  );

  test.each([
    ...spellings,
    ...['Adwords', 'google_adwords', 'googleadwords', 'google-search-ads'].map(
      (name) => [name, 'Paid Search'] as const,
    ),
    ...['facebook_feed_ad', 'facebook-instagram-ads', 'linkedin lead gen ads'].map(
      (name) => [name, 'Paid Social'] as const,
    ),
  ])('%s is %s, without a medium and with cpc', (source, paid) => {
    const query = `utm_source=${encodeURIComponent(source)}`;
    expect([originOf(query, null).channel, originOf(`${query}&utm_medium=cpc`, null).channel]).toEqual([paid, paid]);
    expect(originOf(query, null).source).toBe(source);
  });

  test.each(
    'leads uploads downloads heads reads roads pads ads ad beads spreads nomad ipad adobe admin adline adspoke x_leads'.split(
      ' ',
    ),
  )('%s names none', (source) => {
    expect(originOf(`utm_source=${source}`, null).channel).toBe('Unassigned');
    expect(originOf(`utm_source=${source}&utm_medium=cpc`, null).channel).toBe('Paid Other');
  });

  test('an ad is read like ads', () => {
    expect(originOf('utm_source=fbad', null).channel).toBe('Paid Social');
  });

  test('a network whose name ends so is itself', () => {
    expect(originOf('utm_source=threads', null).channel).toBe('Organic Social');
    expect(originOf('utm_source=threads&utm_medium=cpc', null).channel).toBe('Paid Social');
  });
});

test.each([
  ['copilot.com', 'AI Assistant'],
  ['pplx.ai', 'AI Assistant'],
  ['claude.com', 'AI Assistant'],
  ['chat.com', 'AI Assistant'],
  ['gemini', 'AI Assistant'],
  ['poe', 'AI Assistant'],
  ['phind', 'AI Assistant'],
  ['le chat', 'AI Assistant'],
  ['bestbuy', 'Organic Shopping'],
  ['newegg', 'Organic Shopping'],
  ['target', 'Organic Shopping'],
  ['bilibili', 'Organic Social'],
  ['insta', 'Organic Social'],
  ['tik.tok', 'Organic Social'],
  ['dribbble', 'Organic Social'],
])('utm_source=%s is %s', (source, channel) => {
  expect(originOf(`utm_source=${encodeURIComponent(source)}`, null).channel).toBe(channel);
});

describe('a host that brings nobody', () => {
  test.each(
    `
    v1.checkout.bambora.com api.v1.checkout.bambora.com accounts.google.com accounts.google.no accounts.google.co.uk accounts.google.com.br
    www.paypal.com checkout.stripe.com hooks.stripe.com pay.klarna.com api.vipps.no checkout.dibspayment.eu epay.bambora.com www.mobilepay.dk
    payments.svea.com checkout.walleypay.com checkout.qliro.com www.trustly.com checkoutshopper-live.adyen.com secure.ogone.com
    betalen.rabobank.nl ideal.ing.nl ideal.abnamro.nl tx.ideal.nl r3.girogate.de.giropay.de sis.redsys.es go.przelewy24.pl secure.payu.com
    pay.paytrail.com acs1.bank.no acs2.edb.com acs-3dsecure.firma.example 3ds.bank.se secure-acs.bank.de idcheck.acs.touchtechpayments.com
    csfe.bankid.no auth.current.bankid.no login.idporten.no eid.difi.no idp.feide.no auth.dataporten.no tt02.altinn.no mitid.dk
    nemlog-in.mitid.dk login.nemlog-in.dk app.bankid.com idp.freja.com kunde.criipto.id kunde.eu.auth0.com kunde.okta.com
    kunde.b2clogin.com login.microsoftonline.com login.live.com appleid.apple.com kunde.auth.eu-north-1.amazoncognito.com
    digid.nl idp.itsme.be login.oslo.kommune.no sso.firma.se wayf.wayf.dk tunnistautuminen.suomi.fi consent.cookiebot.com cdn.privacy-mgmt.com
    consent.google.no consent.youtube.com consent.avis.no challenges.cloudflare.com geo.captcha-delivery.com firma.queue-it.net
    translate.googleusercontent.com www.translatetheweb.com translated.turbopages.org`
      .split(/\s+/)
      .filter(Boolean),
  )('%s', (host) => {
    expect(isIgnoredReferrer(host.replace(/^www\./, ''))).toBe(true);
    expect(channelOf(host)).toBe('Direct');
  });

  test.each(
    'nrk.no google.com pay.no login.no klarna.com.evil.example notpaypal.com paypal.com.evil.io pubs.acs.org payroll.firma.no loginside.no authors.firma.no mail.google.com login.tagged.com'.split(
      ' ',
    ),
  )('%s is none of them', (host) => {
    expect(isIgnoredReferrer(host)).toBe(false);
  });

  test('is so with all that is below it, and is told from look-alikes', () => {
    const label = fc
      .stringMatching(/^[a-z\d]{1,12}$/)
      .filter((text) => !/^\d|^(?:pay|auth|sso|idp|cmp|hpp|login|wayf|ideal|acs|consent)/.test(text));
    const hosts = packed.intermediaries.split(' ').filter((host) => !host.endsWith('*'));
    fc.assert(
      fc.property(fc.constantFrom(...hosts), label, (host, first) => {
        expect(isIgnoredReferrer(host)).toBe(true);
        expect(isIgnoredReferrer(`${first}.${host}`)).toBe(true);
        expect(isIgnoredReferrer(`${first}.example.org`)).toBe(false);
      }),
    );
  });
});

describe('a proxy that translates or caches', () => {
  const encode = (host: string) => host.replaceAll('-', '--').replaceAll('.', '-');

  test.each([
    ['firma-no.translate.goog', 'firma.no'],
    ['www-firma-no.translate.goog', 'www.firma.no'],
    ['my--firma-co-uk.translate.goog', 'my-firma.co.uk'],
    ['0-xn----blbr--roah-no.translate.goog', 'xn--blbr-roah.no'],
    ['firma-no.cdn.ampproject.org', 'firma.no'],
    ['translate.goog', 'translate.goog'],
    ['firma.translate.goog', 'firma.translate.goog'],
    ['firma-no.translate.goog.evil.io', 'firma-no.translate.goog.evil.io'],
  ])('%s shows %s', (host, original) => {
    expect(originalHost(host)).toBe(original);
  });

  test('shows whatever host it encodes', () => {
    const label = fc.stringMatching(/^[a-z\d](?:[a-z\d-]{0,10}[a-z\d])?$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 2, maxLength: 4 }), (labels) => {
        const host = labels.join('.');
        fc.pre(!/^[01]-/.test(encode(host)));
        expect(originalHost(`${encode(host)}.translate.goog`)).toBe(host);
      }),
    );
  });

  test.each([
    ['https://firma.no/pris', 'https://firma-no.translate.goog/?_x_tr_sl=no'],
    ['https://firma.no/pris', 'https://www-firma-no.translate.goog/'],
    ['https://shop.firma.no/', 'https://www-firma-no.translate.goog/'],
    ['https://firma-no.translate.goog/pris', 'https://firma.no/'],
    ['https://firma-no.translate.goog/pris', 'https://firma-no.translate.goog/'],
    ['https://xn--blbr-roah.no/', 'https://0-xn----blbr--roah-no.translate.goog/'],
  ])('%s from %s is the own site', (pageUrl, referrer) => {
    expect(readNavigation({ pageUrl, referrer })).toMatchObject({ isInternal: true, evidence: { referrerHost: null } });
  });

  test("another site's page is that site's, translated or not", () => {
    expect(originOf('', 'https://www-nrk-no.translate.goog/')).toMatchObject({ source: 'nrk.no', channel: 'Referral' });
    expect(originOf('', 'https://www-google-com.translate.goog/').channel).toBe('Organic Search');
  });
});
