import { readFile } from 'node:fs/promises';
import type { MetadataJson } from 'libphonenumber-js/core';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { expect, it, vi } from 'vitest';
import { PhoneNumbers } from '../../../src/domain/people/phone-numbers.ts';
import { CaptureSettings } from '../../../src/services/capture-settings.ts';
import type { Site } from '../../../src/services/capture-settings.ts';
import { loadReadPhone, readPhone } from '../../../src/services/people/read-phone.ts';
import { renderPhoneMetadata } from '../../../tools/build-phone-metadata.ts';

const asset = await readFile(new URL('../../../assets/phone-metadata.json', import.meta.url), 'utf8');
const site = { country: null, timeZone: 'Europe/Oslo' } as Site;
const text = '912 34 567';

function settingsWith(readAsset: (path: string) => Promise<string>): CaptureSettings {
  return new CaptureSettings({ db: null as never, clock: () => 0, readAsset });
}

it('has the numbering plans of the library', () => {
  const isCurrent = asset === renderPhoneMetadata();
  expect(isCurrent, 'run `npm run build:phone-metadata`').toBe(true);
});

it('reads numbers as the library does with its own numbering plans', () => {
  const numbers = new PhoneNumbers(JSON.parse(asset) as MetadataJson);
  for (const [given, country] of [
    [text, 'NO'],
    ['(212) 555-2368', 'US'],
    ['+44 20 7946 0958', null],
    ['07911 123456', 'GB'],
  ] as const) {
    const expected = parsePhoneNumberFromString(given, country ?? undefined)!.number;
    expect(numbers.normalize({ text: given, country })).toBe(expected);
  }
  expect(numbers.normalize({ text, country: 'XX' })).toBeNull();
  expect([numbers.countryOfTimeZone('Europe/Oslo'), numbers.countryOfTimeZone('Etc/UTC')]).toEqual(['NO', null]);
});

it('reads the asset once, and only when there is a number', async () => {
  const asked: string[] = [];
  const settings = settingsWith(async (path) => {
    asked.push(path);
    return asset;
  });
  expect(await readPhone({ settings }, { text: 'call me', site })).toBeNull();
  expect(asked).toEqual([]);
  expect(await readPhone({ settings }, { text, site })).toBe('+4791234567');
  expect(await readPhone({ settings }, { text, site })).toBe('+4791234567');
  expect(asked).toEqual(['/phone-metadata.json']);
});

it('leaves the number as it was sent where the asset cannot be read, and tries again at the next', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  let isThere = false;
  const settings = settingsWith(async () => {
    if (!isThere) throw new Error('missing');
    return asset;
  });
  expect(await readPhone({ settings }, { text, site })).toBeNull();
  expect(logged.mock.calls).toEqual([['the numbering plans could not be read']]);
  logged.mockRestore();
  // What stores many numbers at once is told: it must not take them for no numbers.
  await expect(loadReadPhone({ settings })).rejects.toThrow('missing');
  isThere = true;
  expect(await readPhone({ settings }, { text, site })).toBe('+4791234567');
});
