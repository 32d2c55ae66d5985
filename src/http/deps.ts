import type { Config } from '../config.ts';
import type { Database } from '../db/client.ts';
import type { CaptureSettings, ReadAsset } from '../services/capture-settings.ts';
import type { OpenFileStore } from '../services/capture/files/file-store.ts';
import type { SendSubmission } from '../services/capture/queue-submission.ts';
import type { SendMail } from '../services/deliveries/send-mail.ts';
import type { VisitBuffer } from '../services/capture/visit-buffer.ts';
import type { RateLimits } from './limit-rate.ts';
import type { JourneySigner } from './journey-token.ts';

/** Everything a handler may use that is not in its request. Made once per isolate, and anew in each test. */
export type Deps = {
  config: Config;
  db: Database;
  /** Now, in milliseconds since the epoch. */
  clock: () => number;
  /** To addresses that people enter, and to services. */
  fetch: typeof globalThis.fetch;
  /** To what the installation itself is made of: its database, and the site it stands in front of. */
  fetchNear: typeof globalThis.fetch;
  /** To the site alone, whatever host the address names; null where `fetchNear` reaches the site. */
  fetchSite: typeof globalThis.fetch | null;
  /** A new UUIDv7. */
  newId: () => string;
  settings: CaptureSettings;
  signer: JourneySigner;
  visits: VisitBuffer;
  /** Hands a submission to the queue when the database is away; null where there is no queue. */
  sendSubmission: SendSubmission | null;
  /** Resolves after some milliseconds. */
  wait: (milliseconds: number) => Promise<void>;
  /** A signal that aborts after some milliseconds, with a `TimeoutError`. */
  abortAfter: (milliseconds: number) => AbortSignal;
  /** Where files of forms are stored; null where no store is bound: files are noted then. */
  files: OpenFileStore;
  limits: RateLimits;
  /** Null where the host sends no mail. */
  sendMail: SendMail | null;
  /** Reads one of the Worker's assets as text. */
  readAsset: ReadAsset;
  /** Fetches one of them as it is stored; its answer says where there is none. */
  fetchAsset: (path: string) => Promise<Response>;
  /** Reads the tables that the domain needs; at once where that has been done. */
  loadTables: () => Promise<void> | undefined;
};
