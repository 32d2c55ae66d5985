import type { SentField, UtmField } from './origin-fields.ts';

/** The values a `utm_*` parameter set can carry. Null where the parameter is absent or empty. */
export type Utm = Record<UtmField, string | null>;

/** An ad platform's click identifier, case kept, for upload back to the platform. */
export type ClickId = { name: string; value: string };

/**
 * What one arrival shows of where it came from, before any rule is applied: this is what the journey cookie
 * carries, so that a later rule or alias reads the same evidence again.
 */
export type Evidence = {
  /** As written, placeholder texts too: `meaningOf` takes those away. */
  utm: Utm;
  /** All of the arrival, in the order of the URL. */
  clickIds: ClickId[];
  /**
   * Host of the external referrer, lower case, without `www.`; of an Android app `android-app://` and its package name. Null where
   * there is none or it is the site's own. A payment or login provider stays here, and is passed over when the origin is resolved.
   */
  referrerHost: string | null;
  /** Origin and path of the page landed on: no query, no fragment. At most 255 characters. */
  landingPage: string | null;
};

/** One arrival: evidence and its time in milliseconds since the epoch. */
export type Arrival = Evidence & { at: number };

/** The ordered arrivals of one browser, oldest first. */
export type Journey = Arrival[];

/** Where a touch came from. Null where unknown. `channel` is always known. */
export type Origin = Record<SentField, string | null> & { channel: string };

/**
 * One arrival with its origin resolved. Values are as spelt by the sender (raw), not canonical. `clickId` is the one of `clickIds`
 * that decided.
 */
export type Touch = Origin & {
  clickId: ClickId | null;
  clickIds: ClickId[];
  landingPage: string | null;
  at: number;
};
