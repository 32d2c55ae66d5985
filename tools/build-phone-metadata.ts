import { writeFileSync } from 'node:fs';
import metadata from 'libphonenumber-js/min/metadata';

/**
 * Writes assets/phone-metadata.json, the numbering plans that libphonenumber-js carries (Google's libphonenumber, Apache-2.0). Run
 * after libphonenumber-js is upgraded: `npm run build:phone-metadata`. A test fails while the file is out of date.
 */
export const renderPhoneMetadata = (): string => `${JSON.stringify(metadata)}\n`;

if (import.meta.main) {
  const text = renderPhoneMetadata();
  writeFileSync(new URL('../assets/phone-metadata.json', import.meta.url), text);
  console.log(`${text.length} bytes`);
}
