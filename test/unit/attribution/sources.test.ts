import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { categoryOfSource, findSourceByHost, referrerDomainOf } from '../../../src/domain/attribution/sources.ts';

describe('findSourceByHost', () => {
  test.each([
    ['google.com', 'search', 'google'],
    ['google.no', 'search', 'google'],
    ['google.co.uk', 'search', 'google'],
    ['images.google.com.br', 'search', 'google'],
    ['com.google.android.googlequicksearchbox', 'search', 'google'],
    ['no.search.yahoo.com', 'search', 'yahoo'],
    ['cn.bing.com', 'search', 'bing'],
    ['yandex.com.tr', 'search', 'yandex'],
    ['duckduckgo.com', 'search', 'duckduckgo'],
    ['search.brave.com', 'search', 'brave'],
    ['kvasir.no', 'search', 'kvasir'],
    ['startsiden.no', 'search', 'startsiden'],
    ['m.facebook.com', 'social', 'facebook'],
    ['l.facebook.com', 'social', 'facebook'],
    ['lm.facebook.com', 'social', 'facebook'],
    ['l.instagram.com', 'social', 'instagram'],
    ['lnkd.in', 'social', 'linkedin'],
    ['no.linkedin.com', 'social', 'linkedin'],
    ['com.linkedin.android', 'social', 'linkedin'],
    ['t.co', 'social', 'twitter'],
    ['x.com', 'social', 'twitter'],
    ['out.reddit.com', 'social', 'reddit'],
    ['mastodon.social', 'social', 'mastodon'],
    ['bsky.app', 'social', 'bluesky'],
    ['youtube.com', 'video', 'youtube'],
    ['youtu.be', 'video', 'youtube'],
    ['player.vimeo.com', 'video', 'vimeo'],
    ['amazon.de', 'shopping', 'amazon'],
    ['etsy.com', 'shopping', 'etsy'],
    ['finn.no', 'shopping', 'finn.no'],
    ['mail.google.com', 'email', 'gmail'],
    ['com.google.android.gm', 'email', 'gmail'],
    ['outlook.live.com', 'email', 'outlook'],
    ['eur02.safelinks.protection.outlook.com', 'email', 'outlook'],
    ['webmail.altibox.no', 'email', 'webmail.altibox.no'],
    ['chatgpt.com', 'ai', 'chatgpt'],
    ['perplexity.ai', 'ai', 'perplexity'],
    ['gemini.google.com', 'ai', 'gemini'],
    ['copilot.microsoft.com', 'ai', 'copilot'],
    ['claude.ai', 'ai', 'claude'],
  ])('%s is %s, %s', (host, category, name) => {
    expect(findSourceByHost(host)).toEqual({ category, name });
  });

  test.each([
    'notgoogle.com',
    'google.com.evil.io',
    'google.com.no',
    'google.pages.dev',
    'google.evil',
    'wwwgoogle.com',
    'facebook.com.evil.io',
    'myfacebook.com',
    'chatgpt.com.co',
    'nrk.no',
    'docs.google.com',
    'support.google.com',
    'kunde.wordpress.com',
    'aws.amazon.com',
    'vg.no',
    'cnn.com',
    'com',
    '',
    '.',
    '..google.com',
  ])('%j is none', (host) => {
    expect(findSourceByHost(host)).toBeNull();
  });
});

describe('categoryOfSource', () => {
  test.each([
    ['google', 'search'],
    ['www.google.no', 'search'],
    ['facebook', 'social'],
    ['fb', 'social'],
    ['meta', 'social'],
    ['x', 'social'],
    ['m.facebook.com', 'social'],
    ['youtube', 'video'],
    ['amazon', 'shopping'],
    ['openai', 'ai'],
    ['chatgpt.com', 'ai'],
    ['gmail', 'email'],
    ['newsletter', null],
    ['partner a', null],
    ['notgoogle.com', null],
  ])('%s is %j', (source, category) => {
    expect(categoryOfSource(source)).toBe(category);
  });

  test('names an object inherits are no sources', () => {
    expect(categoryOfSource('constructor')).toBeNull();
    expect(categoryOfSource('__proto__')).toBeNull();
  });

  test('a source named by a referrer keeps its category when read by name, where only the name tells it', () => {
    for (const host of [
      'youtube.com',
      'etsy.com',
      'finn.no',
      'claude.ai',
      'poe.com',
      'shopping.naver.com',
      'help.netflix.com',
    ]) {
      const source = findSourceByHost(host);
      expect([host, categoryOfSource(source?.name ?? '')]).toEqual([host, source?.category]);
    }
  });

  test('is total', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        categoryOfSource(text);
        referrerDomainOf(text);
      }),
    );
  });
});

test.each([
  ['m.facebook.com', 'facebook.com'],
  ['news.bbc.co.uk', 'bbc.co.uk'],
  ['kunde.github.io', 'kunde.github.io'],
  ['com.google.android.gm', 'com.google.android.gm'],
  ['com.unknown.reader', 'com.unknown.reader'],
  ['app.hubspot.com', 'hubspot.com'],
  ['intranett', 'intranett'],
  ['10.0.0.1', '10.0.0.1'],
])('the referrer domain of %s is %s', (host, domain) => {
  expect(referrerDomainOf(host)).toBe(domain);
});
