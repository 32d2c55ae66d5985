import { beforeEach, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
});

/** A text's bytes in windows-1252, as far as it agrees with Latin-1. */
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const multipart = (fields: Record<string, string>): string =>
  `${Object.entries(fields)
    .map(([name, value]) => `--xx\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--xx--\r\n`;

const form = 'application/x-www-form-urlencoded';
const parts = 'multipart/form-data; boundary=xx';
const person = { email: 'kare@firma.no', name: 'Kåre Bjørnson' };
const filler = 'x'.repeat(300_000);

it.each<[string, string, Uint8Array<ArrayBuffer>]>([
  ['escapes of windows-1252', form, latin1('email=kare@firma.no&name=K%E5re+Bj%F8rnson')],
  ['escapes of UTF-8', form, latin1('email=kare@firma.no&name=K%C3%A5re+Bj%C3%B8rnson')],
  ['bytes of windows-1252', form, latin1('email=kare@firma.no&name=Kåre+Bjørnson')],
  [
    'a charset that the content type names',
    `${form};charset="ISO-8859-1"`,
    latin1('email=kare@firma.no&name=Kåre+Bj%F8rnson'),
  ],
  ['a charset that nobody knows', `${form}; charset=x-unknown`, latin1('email=kare@firma.no&name=K%E5re+Bj%F8rnson')],
  ['a charset that the form names', form, latin1('_charset_=windows-1252&email=kare@firma.no&name=K%E5re+Bj%F8rnson')],
  [
    'a charset that no guess would find',
    form,
    latin1('name=K%E5re+Bj%F8rnson&email=kare@firma.no&_charset_=ISO-8859-15'),
  ],
  ['JSON in windows-1252', 'application/json', latin1(JSON.stringify(person))],
  ['JSON in UTF-8 that begins with its mark', 'application/json', utf8(`\ufeff${JSON.stringify(person)}`)],
  ['multipart in windows-1252', parts, latin1(multipart(person))],
  ['multipart in UTF-8', parts, utf8(multipart(person))],
  ['multipart whose charset the form names', parts, latin1(multipart({ _charset_: 'windows-1252', ...person }))],
  ['a large form', form, latin1(`email=kare@firma.no&name=K%E5re+Bj%F8rnson&message=${filler}`)],
  ['large multipart', parts, latin1(multipart({ ...person, message: filler }))],
  ['large JSON', 'application/json', latin1(JSON.stringify({ ...person, message: filler }))],
])('reads %s', async (_what, type, body) => {
  const response = await kilde.request('/f/demo', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': type },
    body,
  });
  expect(response.status).toBe(201);
  const [known] = (await kilde.api('GET', '/people?email=kare@firma.no')).body.items;
  expect([known.firstName, known.lastName]).toEqual(['Kåre', 'Bjørnson']);
  const [submission] = (await kilde.api('GET', '/submissions')).body.items;
  expect(submission.fields).not.toHaveProperty('_charset_');
});

it('reads escapes by the charset that was named, although they would be UTF-8 too', async () => {
  await kilde.request('/f/demo', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': form },
    body: '_charset_=windows-1252&email=kare@firma.no&name=%C3%A5',
  });
  expect((await kilde.api('GET', '/people?email=kare@firma.no')).body.items[0].firstName).toBe('Ã¥');
});

it('notes a file by its name and size where the text beside it is not UTF-8', async () => {
  const body = latin1(
    `--xx\r\ncontent-disposition: form-data; name="email"\r\n\r\nkare@firma.no\r\n--xx\r\ncontent-disposition: form-data; name="name"\r\n\r\nKåre\r\n--xx\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\ncontent-type: application/octet-stream\r\n\r\n\u00ff\u00fe\u0000\r\n--xx--\r\n`,
  );
  await kilde.request('/f/demo', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': parts },
    body,
  });
  const [{ fields }] = (await kilde.api('GET', '/submissions')).body.items;
  expect(fields).toEqual({ email: 'kare@firma.no', name: 'Kåre', file: 'a.bin (3 bytes, not kept)' });
});
