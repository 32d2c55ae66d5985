import { createHash } from 'node:crypto';
import { env as workerEnv } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Env } from '../../src/config.ts';
import { maxFilesBytes } from '../../src/domain/capture/file-rules.ts';
import { keepRetention } from '../../src/jobs/keep-retention.ts';
import { removeFiles } from '../../src/jobs/remove-files.ts';
import { applySubmission, readQueued } from '../../src/services/capture/apply-submission.ts';
import { adminKey, createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** Files of forms are stored in R2 (docs/forms.md). The bucket is Miniflare's own. */

const bucket = (workerEnv as unknown as Required<Env>).FILES;
const dayMs = 24 * 60 * 60 * 1_000;
const sentMessages: unknown[] = [];
const queue = { send: async (body: unknown) => void sentMessages.push(structuredClone(body)) } as unknown as Queue;

let kilde: TestApp;

beforeEach(async () => {
  sentMessages.length = 0;
  for (const { key } of (await bucket.list()).objects) await bucket.delete(key);
  await open({ FILES: bucket });
});

async function open(env: Partial<Env>): Promise<void> {
  kilde = await createTestApp({ env: { SUBMISSIONS: queue, ...env } });
  await kilde.api('POST', '/forms', { name: 'Job', slug: 'job' });
}

const content11 = '%PDF-1.7 it';
const pdf = (name = "CV æ (1) 'x'.pdf", content: BlobPart = content11, type = 'application/pdf') =>
  new File([content], name, { type });

async function send(files: File[], fields: Record<string, string> = { email: 'kari@firma.no' }, form = 'job') {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  for (const file of files) body.append('cv', file);
  const response = await kilde.request(`/f/${form}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'user-agent': 'Mozilla/5.0 Firefox/140.0' },
    body,
  });
  return { status: response.status, id: (await response.json<{ id: string }>()).id };
}

const submission = async (id: string) => (await kilde.api('GET', `/submissions/${id}`)).body;
const download = async (id: string, fileId: string, key = adminKey) =>
  kilde.request(`/api/v1/submissions/${id}/files/${fileId}`, { headers: { authorization: `Bearer ${key}` } });
const stored = async () => (await bucket.list()).objects.map(({ key }) => key.replace('files/', ''));
const runJob = async (now: number) => removeFiles({ ...kilde.deps, now });

describe('a file that comes with a form', () => {
  it('is stored before the form is answered, listed with the submission, and given out as an attachment alone', async () => {
    const { status, id } = await send([pdf()]);
    expect(status).toBe(201);
    const { files, fields } = await submission(id);
    const sha256 = createHash('sha256').update(content11).digest('hex');
    expect(files).toEqual([
      { id: expect.any(String), field: 'cv', name: "CV æ (1) 'x'.pdf", type: 'application/pdf', size: 11, sha256 },
    ]);
    expect(fields['cv']).toBe("CV æ (1) 'x'.pdf (11 bytes)");
    expect(await stored()).toEqual([files[0].id]);
    expect((await kilde.api('GET', '/submissions')).body.items[0].files).toEqual(files);
    const answer = await download(id, files[0].id);
    expect(await answer.text()).toBe(content11);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="CV _ (1) 'x'.pdf"; filename*=UTF-8''CV%20%C3%A6%20%281%29%20%27x%27.pdf`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
  });

  it('is read in pieces where the form is large, byte for byte', async () => {
    const bytes = new Uint8Array(3_000_000).map((_, index) => (index * 31) % 251);
    bytes.set(Uint8Array.fromHex('89504e470d0a1a0a'));
    const { id } = await send([pdf('a.png', bytes, 'image/png'), pdf('b.pdf')]);
    const { files } = await submission(id);
    expect(files.map(({ name, size }: { name: string; size: number }) => [name, size])).toEqual([
      ['a.png', 3_000_000],
      ['b.pdf', 11],
    ]);
    expect(new Uint8Array(await (await download(id, files[0].id)).arrayBuffer())).toEqual(bytes);
  });

  it('is given to nobody without a key, and under no other submission', async () => {
    const [first, second] = [await send([pdf()]), await send([pdf('b.pdf')], { email: 'ola@annet.no' })];
    const [{ id: fileId }] = (await submission(first.id)).files;
    expect((await download(second.id, fileId)).status).toBe(404);
    expect((await download(first.id, 'x')).status).toBe(404);
    expect((await download(first.id, fileId, 'wrong')).status).toBe(401);
    await bucket.delete(`files/${fileId}`);
    expect((await download(first.id, fileId)).status).toBe(404);
  });

  it('is stored without its folder and invisible characters, whatever the charset', async () => {
    const { id } = await send([pdf('C:\\fakepath\\a\u202efdp.pdf')]);
    expect((await submission(id)).files).toMatchObject([{ name: 'afdp.pdf' }]);
    const body = Uint8Array.from(
      '--x\r\ncontent-disposition: form-data; name="email"\r\n\r\nola@annet.no\r\n' +
        '--x\r\ncontent-disposition: form-data; name="cv"; filename="s\u00f8knad.pdf"\r\ncontent-type: application/pdf\r\n\r\n%PDF-\u00ff\u00fe\r\n--x--\r\n',
      (one) => one.charCodeAt(0),
    );
    const sent = await kilde.request('/f/job', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'multipart/form-data; boundary=x; charset=iso-8859-1' },
      body,
    });
    const { files, fields } = await submission((await sent.json<{ id: string }>()).id);
    expect(files).toMatchObject([{ name: 'søknad.pdf', size: 7 }]);
    expect(fields['cv']).toBe('søknad.pdf (7 bytes)');
  });
});

describe('a file that is not stored', () => {
  const kept = async (files: File[]) => {
    const { status, id } = await send(files);
    expect(status).toBe(201);
    const { fields, files: listed } = await submission(id);
    expect(await stored()).toHaveLength(listed.length);
    return [listed.map(({ name }: { name: string }) => name), fields['cv']];
  };

  it.each<[string, string, string]>([
    ['a.exe', 'application/octet-stream', 'by its name'],
    ['a.svg', 'image/svg+xml', 'a picture that is a program'],
    ['page.pdf', 'text/html', 'by what it is declared to be'],
    ['pdf', 'application/pdf', 'no end of a name'],
    ['constructor.constructor', '', 'a name of objects'],
  ])('%s (%s) is noted: %s', async (name, type) => {
    expect(await kept([pdf(name, 'x', type)])).toEqual([
      [],
      `${name} (1 bytes, not kept: files of this type are not accepted)`,
    ]);
  });

  it('is by its first bytes something else than its name says', async () => {
    const page = '<html><script>alert(1)</script></html>';
    const sent = [pdf('a.pdf', page), pdf('b.png', page, 'image/png'), pdf('c.docx', page, ''), pdf('d.txt', 'ok', '')];
    expect(await kept(sent)).toEqual([
      ['d.txt'],
      [
        'a.pdf (38 bytes, not kept: the content is not application/pdf)',
        'b.png (38 bytes, not kept: the content is not image/png)',
        'c.docx (38 bytes, not kept: the content is not application/vnd.openxmlformats-officedocument.wordprocessingml.document)',
        'd.txt (2 bytes)',
      ],
    ]);
  });

  it('is one too many', async () => {
    const [names, notes] = await kept(Array.from({ length: 12 }, (_, index) => pdf(`${index}.pdf`)));
    expect(names).toHaveLength(10);
    expect((notes as string[]).slice(9)).toEqual([
      '9.pdf (11 bytes)',
      '10.pdf (11 bytes, not kept: only 10 files are kept)',
      '11.pdf (11 bytes, not kept: only 10 files are kept)',
    ]);
  });

  it('is more than may be kept; the others are', async () => {
    const large = new Uint8Array(maxFilesBytes + 1);
    expect(await kept([pdf('a.pdf'), pdf('b.pdf', large), pdf('c.pdf')])).toEqual([
      ['a.pdf', 'c.pdf'],
      [
        'a.pdf (11 bytes)',
        `b.pdf (${large.length} bytes, not kept: only ${maxFilesBytes} bytes are kept)`,
        'c.pdf (11 bytes)',
      ],
    ]);
    const exact = new Uint8Array(maxFilesBytes);
    exact.set(new TextEncoder().encode(content11));
    const { id } = await send([pdf('d.pdf', exact)], { email: 'd@firma.no' });
    expect((await submission(id)).files).toMatchObject([{ size: maxFilesBytes }]);
  });

  it('is noted where the store does not answer: the lead is there all the same', async () => {
    const broken = { put: async () => Promise.reject(new Error('down')) } as unknown as R2Bucket;
    await open({ FILES: broken });
    const { status, id } = await send([pdf('a.pdf')]);
    expect(status).toBe(201);
    expect(await submission(id)).toMatchObject({
      files: [],
      fields: { cv: 'a.pdf (11 bytes, not kept: the file store does not answer)' },
      person: { email: 'kari@firma.no' },
    });
  });

  it('is noted where no store is bound, or the form does not want it', async () => {
    await kilde.api('PATCH', '/forms/job', { storeFiles: false });
    expect((await kilde.api('GET', '/forms/job')).body.storeFiles).toBe(false);
    expect(await kept([pdf('a.pdf')])).toEqual([[], 'a.pdf (11 bytes, not kept)']);
    await open({});
    expect((await kilde.api('GET', '/forms/job')).body.storeFiles).toBe(true);
    expect(await kept([pdf('a.pdf')])).toEqual([[], 'a.pdf (11 bytes, not kept)']);
  });
});

describe('what becomes of files', () => {
  it('erased with the person, and named in the file of what is held about them', async () => {
    const { id } = await send([pdf()]);
    const other = await send([pdf('b.pdf')], { email: 'ola@annet.no' });
    expect(JSON.stringify((await kilde.api('GET', '/people/1/export')).body)).toContain('CV æ');
    expect((await kilde.api('DELETE', '/people/1')).status).toBe(204);
    await runJob(startOfTime);
    const [left] = (await submission(other.id)).files;
    expect(await stored()).toEqual([left.id]);
    expect(await kilde.sql('SELECT submission_id FROM stored_file')).toEqual([{ submission_id: other.id }]);
    expect(await kilde.sql('SELECT * FROM removed_file')).toEqual([]);
    expect(id).not.toBe(other.id);
  });

  it('stay with a submission in quarantine, can be looked at there, and follow it', async () => {
    const spam = { email: 'kari@firma.no', _gotcha: 'x' };
    const [first, second] = [
      await send([pdf('a.pdf')], spam),
      await send([pdf('b.pdf')], { ...spam, email: 'b@b.no' }),
    ];
    const [{ id: fileId }] = (await kilde.api('GET', `/quarantine/${first.id}`)).body.files;
    expect((await download(first.id, fileId)).status).toBe(200);
    await runJob(startOfTime - (startOfTime % (60 * 60 * 1_000)) + 30 * 60_000 + 2 * dayMs);
    expect(await stored()).toHaveLength(2);
    await kilde.api('POST', `/quarantine/${first.id}/release`);
    expect((await submission(first.id)).files).toMatchObject([{ id: fileId, name: 'a.pdf' }]);
    expect((await kilde.api('DELETE', `/quarantine/${second.id}`)).status).toBe(204);
    await runJob(startOfTime);
    expect(await stored()).toEqual([fileId]);
  });

  it('go with answers that are too old', async () => {
    await kilde.api('PATCH', '/settings', { retention: { people: 30 } });
    await send([pdf()], { message: 'from nobody' });
    const now = startOfTime - (startOfTime % dayMs) + 60 * dayMs + 2 * 60 * 60 * 1_000;
    await keepRetention({ ...kilde.deps, now });
    await runJob(now);
    expect(await stored()).toEqual([]);
  });

  it('are deleted where their submission was stored already, and where it was never stored', async () => {
    await send([pdf()], { email: 'kari@firma.no', _id: 'once' });
    const again = await send([pdf()], { email: 'kari@firma.no', _id: 'once' });
    expect(await stored()).toHaveLength(2);
    const at = startOfTime - (startOfTime % (60 * 60 * 1_000)) + 30 * 60_000;
    await runJob(at + dayMs - 60 * 60 * 1_000);
    expect(await stored()).toHaveLength(2);
    await runJob(at + dayMs);
    await runJob(at + dayMs);
    expect(await stored()).toEqual([(await submission(again.id)).files[0].id]);
  });

  it('are deleted where nothing names them, once no queue can hold their submission', async () => {
    const { id } = await send([pdf()]);
    const [{ id: named }] = (await submission(id)).files;
    const lost = `${named.slice(0, 2)}000000-0000-4000-8000-000000000000`;
    const dead = `${named.slice(0, 2)}000000-0000-4000-8000-000000000001`;
    await bucket.put(`files/${lost}`, 'x');
    await bucket.put(`files/${dead}`, 'x');
    await kilde.sql(`INSERT INTO dead_letter (id, at, reason, payload, attempts) VALUES ('m', 0, 'x', ?, 1)`, [dead]);
    // The bucket goes by the time of the machine.
    const uploaded = (await bucket.head(`files/${lost}`))!.uploaded.getTime();
    const part = Number.parseInt(named.slice(0, 2), 16);
    const minutesOf = (fromDay: number) =>
      Array.from(
        { length: 6 * 60 },
        (_, n) => (fromDay + Math.floor(n / 60)) * dayMs + 4 * 60 * 60_000 + (n % 60) * 60_000,
      );
    const isTurn = (now: number) => (Math.floor(now / dayMs) * 60 + (Math.floor(now / 60_000) % 60)) % 256 === part;
    const day = Math.floor(uploaded / dayMs);
    for (const now of minutesOf(day + 1).filter(isTurn)) await runJob(now);
    expect(new Set(await stored())).toEqual(new Set([named, lost, dead]));
    for (const now of minutesOf(day + 16).filter(isTurn)) await runJob(now);
    expect(new Set(await stored())).toEqual(new Set([named, dead]));
  });

  it('come along through the queue while the database is away, and are dropped with a sender who was erased meanwhile', async () => {
    await send([], { email: 'ola@annet.no' });
    kilde.breakDatabase(async () => Promise.reject(new TypeError('refused')));
    const { status, id } = await send([pdf('a.pdf')]);
    await send([pdf('b.pdf')], { email: 'ola@annet.no' });
    expect([status, sentMessages.length]).toEqual([201, 2]);
    kilde.breakDatabase(null);
    kilde.advance(1_000);
    expect((await kilde.api('DELETE', '/people/1')).status).toBe(204);
    for (const message of sentMessages) await applySubmission(kilde.deps, readQueued(message)!);
    await runJob(startOfTime);
    const { files } = await submission(id);
    expect(files).toMatchObject([{ name: 'a.pdf' }]);
    expect(await stored()).toEqual([files[0].id]);
  });
});
