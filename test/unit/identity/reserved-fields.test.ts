import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlFields, splitFields } from '../../../src/domain/capture/reserved-fields.ts';

describe('splitFields', () => {
  it('parts what steers from what the visitor answered', () => {
    const fields = {
      email: 'kari@firma.no',
      _replyto: 'ola@firma.no',
      topics: ['a', 'b'],
      _custom: 'x',
      message: '',
      _next: '/takk',
      _gotcha: '',
      UTM_Source: 'linkedin',
      li_fat_id: 'AbC',
      'cf-turnstile-response': 't',
      _T: '123',
    };
    expect(splitFields(fields)).toEqual({
      control: {
        _next: '/takk',
        _gotcha: '',
        utm_source: 'linkedin',
        li_fat_id: 'AbC',
        'cf-turnstile-response': 't',
        _t: '123',
      },
      visible: { email: 'kari@firma.no', _replyto: 'ola@firma.no', topics: ['a', 'b'], _custom: 'x', message: '' },
    });
  });

  it('takes the first value that is not blank, so that a repeated honeypot cannot be hidden', () => {
    expect(
      splitFields({ _gotcha: ['', ' ', 'spam'], _GOTCHA: 'more', utm_source: ['', ''], UTM_SOURCE: 'x' }).control,
    ).toEqual({ _gotcha: 'spam', utm_source: 'x' });
  });

  it('takes out the six utm names and click ids, wrapped too, and no others', () => {
    const fields = {
      'f[utm_source]': 'wrapped',
      utm_source: 'whole',
      'data.hidden.GCLID': 'G',
      'utm[utm_id]': '7',
      'f[_id]': 'stays',
      utm_source_platform: 'a',
      utm_creative_format: 'b',
      'f[utm_device]': 'c',
      utm_campaignid: 'd',
    };
    expect(splitFields(fields)).toEqual({
      control: { utm_source: 'whole', gclid: 'G', utm_id: '7' },
      visible: {
        'f[_id]': 'stays',
        utm_source_platform: 'a',
        utm_creative_format: 'b',
        'f[utm_device]': 'c',
        utm_campaignid: 'd',
      },
    });
  });

  it('keeps `__proto__` a field', () => {
    const { visible } = splitFields(JSON.parse('{"__proto__":"x","constructor":"y"}'));
    expect(Object.entries(visible)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('loses no field', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...Object.keys(controlFields), 'utm_x', 'gclid', '__proto__'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (entries) => {
        const fields = Object.fromEntries(entries);
        const { control, visible } = splitFields(fields);
        for (const key of Object.keys(fields))
          expect(Object.hasOwn(visible, key) !== Object.hasOwn(control, key.toLowerCase())).toBe(true);
      }),
    );
  });
});
