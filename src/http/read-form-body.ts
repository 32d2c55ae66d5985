import { KildeError } from '../domain/errors.ts';
import type { FormFields } from '../domain/identity/reserved-fields.ts';
import { parseJson } from '../domain/parse-json.ts';
import { decodeUtf8, readBodyBytes } from './read-body.ts';

/** Largest form in bytes, and most fields in it. A form is text: a file is noted by name and size, not kept. */
export const maxFormBytes = 256 * 1024;
export const maxFormFields = 300;
const maxFieldNameLength = 200;

/**
 * The fields of a form sent as `application/x-www-form-urlencoded`, `multipart/form-data` or JSON. Order is kept; a
 * name sent several times has an array. `type` is its content type.
 * @throws KildeError `unsupported_media_type`, `payload_too_large`, `bad_request`, saying what is wrong.
 */
export async function readFormBody({
  request,
  type: sentType,
}: {
  request: Request;
  type: string;
}): Promise<{ fields: FormFields; isJson: boolean }> {
  const [type = '', ...parameters] = sentType.toLowerCase().split(';');
  const charset = parameters.map((one) => /^\s*charset="?([^"\s]+)"?\s*$/.exec(one)?.[1]).find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    throw new KildeError('unsupported_media_type', `The charset ${charset.slice(0, 40)} is not read here: send UTF-8.`);
  }
  const bytes = await readBodyBytes({ request, maxBytes: maxFormBytes });
  switch (type.trim()) {
    case 'application/x-www-form-urlencoded':
      return { fields: collect(new URLSearchParams(decodeUtf8(bytes))), isJson: false };
    case 'multipart/form-data':
      return { fields: collect(await readMultipart({ type: sentType, bytes })), isJson: false };
    case 'application/json':
      return { fields: collect(readJson(decodeUtf8(bytes))), isJson: true };
    default:
      throw new KildeError(
        'unsupported_media_type',
        'Send the form as application/x-www-form-urlencoded, multipart/form-data or application/json.',
      );
  }
}

function collect(entries: Iterable<[string, string]>): FormFields {
  const fields = new Map<string, string | string[]>();
  let count = 0;
  for (const [name, value] of entries) {
    count += 1;
    if (count > maxFormFields) throw unreadable(`A form has at most ${maxFormFields} fields.`);
    if (name.length > maxFieldNameLength)
      throw unreadable(`A field's name has at most ${maxFieldNameLength} characters.`);
    if (name === '') continue;
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  }
  // fromEntries defines own properties, so a field called `__proto__` is only a field.
  return Object.fromEntries(fields);
}

async function readMultipart({ type, bytes }: { type: string; bytes: Uint8Array }): Promise<Array<[string, string]>> {
  let form: FormData;
  try {
    form = await new Response(bytes as BodyInit, { headers: { 'content-type': type } }).formData();
  } catch {
    throw unreadable('The body is not multipart/form-data as its content type says.');
  }
  return [...form.entries()].map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : `${value.name} (${value.size} bytes, not kept)`,
  ]);
}

function readJson(text: string): Array<[string, string]> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw unreadable(`The body cannot be read: ${(error as Error).message}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable('The body is not a JSON object of fields.');
  }
  const entries: Array<[string, string]> = [];
  for (const [name, one] of Object.entries(value)) {
    for (const item of Array.isArray(one) ? (one as unknown[]) : [one as unknown]) {
      if (item === null || item === undefined) continue;
      entries.push([name, typeof item === 'object' ? JSON.stringify(item) : `${item as string | number | boolean}`]);
    }
  }
  return entries;
}

function unreadable(message: string): KildeError {
  return new KildeError('bad_request', message, [{ location: 'body', message }]);
}
