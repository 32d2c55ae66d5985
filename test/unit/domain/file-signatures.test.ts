import { expect, it } from 'vitest';
import { beginsAs } from '../../../src/domain/capture/file-signatures.ts';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const ascii = (text: string) => new TextEncoder().encode(text);
const [ole, zip] = [bytes('d0cf11e0a1b11ae1'), bytes('504b0304')];

it.each<[string, Uint8Array]>([
  ['application/pdf', ascii('%PDF-1.7')],
  ['application/pdf', ascii(`${'\n'.repeat(1_000)}%PDF-2.0`)],
  ['application/msword', ole],
  ['application/msword', ascii('{\\rtf1')],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', zip],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ole],
  ['application/vnd.oasis.opendocument.text', zip],
  ['application/zip', bytes('504b0506')],
  ['text/plain', ascii('Hei på deg')],
  ['text/plain', ascii('')],
  ['text/csv', bytes('fffe61003b00')],
  ['image/jpeg', bytes('ffd8ffe0')],
  ['image/gif', ascii('GIF89a')],
  ['image/webp', ascii('RIFF1234WEBPVP8 ')],
  ['image/heic', bytes('0000001866747970686569630000')],
  ['image/tiff', bytes('4d4d002a')],
])('%s begins so', (type, content) => {
  expect(beginsAs(type, content)).toBe(true);
});

it.each<[string, Uint8Array]>([
  ['application/pdf', ascii('<html>')],
  ['application/pdf', ascii(`${'x'.repeat(1_024)}%PDF-1.7`)],
  // The digits of the mark stand in it, but across two bytes.
  ['application/pdf', bytes('0255044462d0')],
  ['application/zip', bytes('4d5a9000')],
  ['text/plain', bytes('610062')],
  ['image/png', bytes('89504e47')],
  ['image/heic', bytes('0000001866747970617669660000')],
  ['image/svg+xml', ascii('<svg')],
  ['constructor', ascii('x')],
])('%s does not begin so', (type, content) => {
  expect(beginsAs(type, content)).toBe(false);
});
