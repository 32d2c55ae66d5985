import type { Database } from '../db/client.ts';
import type { CaptureSettings } from './capture-settings.ts';

/** What a use case works with, beside its input. */
export type ServiceContext = {
  db: Database;
  /** Now, in milliseconds since the epoch. */
  clock: () => number;
  settings: CaptureSettings;
};
