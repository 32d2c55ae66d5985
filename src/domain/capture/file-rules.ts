import { cleanValue } from '../text-values.ts';

/** Of one submission. */
export const maxFiles = 10;
export const maxFilesBytes = 10 * 1024 * 1024;

/** What a file may be, by the end of its name. The type that it is stored and given out under is the one here. */
const types: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  rtf: 'application/rtf',
  txt: 'text/plain',
  csv: 'text/csv',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  zip: 'application/zip',
};

/** Types that browsers declare for the files above, beside those themselves; none where they know none. */
const alsoDeclared = ['', 'application/octet-stream', 'application/x-zip-compressed', 'text/rtf', 'image/jpg'];
const declarable = new Set([...Object.values(types), ...alsoDeclared]);

/** A file as it was sent. `bytes` is null where there are more than are held in memory. */
export type SentFile = {
  field: string;
  name: string;
  declaredType: string;
  size: number;
  bytes: Blob | Uint8Array[] | null;
  /** What stands for it among the answers. */
  note: string;
};

/** A file that is stored, as its submission carries it. */
export type KeptFile = { id: string; field: string; name: string; type: string; size: number; sha256: string };

/** A file's name without folders and invisible characters. */
export function nameOfFile(sent: string): string {
  return cleanValue(sent.slice(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1)) ?? 'file';
}

/** The type of a file that may be stored; null where it may not be. */
export function typeOfFile({ name, declaredType }: Pick<SentFile, 'name' | 'declaredType'>): string | null {
  const [, extension = ''] = /\.([a-z0-9]+)$/i.exec(nameOfFile(name)) ?? [];
  const declared = declaredType.split(';')[0]!.trim().toLowerCase();
  const lower = extension.toLowerCase();
  return declarable.has(declared) && Object.hasOwn(types, lower) ? types[lower]! : null;
}

/** Which files may be stored, and why the others may not. */
export function sortFiles(sent: readonly SentFile[]): Array<{ file: SentFile; type: string; refusal: string | null }> {
  let count = 0;
  return sent.map((file) => {
    const type = typeOfFile(file);
    const refuse = (refusal: string) => ({ file, type: '', refusal });
    if (type === null) return refuse('files of this type are not accepted');
    if (count >= maxFiles) return refuse(`only ${maxFiles} files are kept`);
    if (file.bytes === null) return refuse(`only ${maxFilesBytes} bytes are kept`);
    count += 1;
    return { file, type, refusal: null };
  });
}
