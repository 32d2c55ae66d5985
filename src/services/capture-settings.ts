import type { Database } from '../db/client.ts';
import { readCaptureSettings } from '../db/queries/capture/capture-settings.ts';
import type { FormRow, SettingsRow } from '../db/queries/capture/capture-settings.ts';
import { MailDomains, mailDomainsAsset } from '../domain/hosts/mail-domains.ts';
import type { PackedMailDomains } from '../domain/hosts/mail-domains.ts';
import type { PhoneNumbers } from '../domain/people/phone-numbers.ts';
import { explainTextsAsset } from '../domain/attribution/explain-texts.ts';
import type { ExplainTexts } from '../domain/attribution/explain-texts.ts';
import { AliasMap } from '../domain/attribution/alias-rules.ts';
import type { AttributionRules } from '../domain/attribution/resolve-origin.ts';

export type Site = SettingsRow['sites'][number];

export type Settings = {
  version: number;
  sites: Site[];
  defaultSite: Site;
  defaultLeadStatus: SettingsRow['defaultLeadStatus'];
  /** The rules by which a site's arrivals get their origin. */
  originRules(site: Site): AttributionRules;
};

/** Reads one of the Worker's assets as text. */
export type ReadAsset = (path: string) => Promise<string>;

export type FormWithSite = FormRow & { site: Site };

/** How long an isolate trusts what it has read, where nothing tells it sooner. Submissions check the version each time. */
const maxAgeMs = 60_000;
const maxForms = 1_000;

/**
 * The settings that capture needs, kept in memory per isolate: bounded by `maxForms` forms, and by `maxAgeMs`.
 * Promises are never shared, since a Worker may not wait for another request's input and output.
 */
export class CaptureSettings {
  #db: Database;
  #clock: () => number;
  #settings: Settings | undefined;
  #readAt = 0;
  #forms = new Map<string, FormWithSite>();
  #readAsset: ReadAsset;
  #mailDomains: MailDomains | undefined;
  #phoneNumbers: PhoneNumbers | undefined;
  #explainTexts: ExplainTexts | undefined;

  constructor({ db, clock, readAsset }: { db: Database; clock: () => number; readAsset: ReadAsset }) {
    this.#db = db;
    this.#readAsset = readAsset;
    this.#clock = clock;
  }

  /**
   * What is known now, without waiting where anything is known. Older than a minute, it is still answered, and
   * `refresh` is handed the reading to do in the background.
   */
  current(refresh: (reading: Promise<unknown>) => void): Settings | Promise<Settings> {
    if (!this.#settings) return this.#read().then(({ settings }) => settings);
    if (this.#isOld()) {
      this.#readAt = this.#clock();
      refresh(this.#read());
    }
    return this.#settings;
  }

  /** Settings and a form by its key, or null where there is no such form. No round trip when both are known. */
  async withForm(key: string): Promise<{ settings: Settings; form: FormWithSite | null }> {
    const known = this.#forms.get(key);
    if (this.#settings && known && !this.#isOld()) return { settings: this.#settings, form: known };
    // What the form asks next is read meanwhile; where that fails, it is asked for again.
    const [read] = await Promise.all([this.#read(key), this.mailDomains().catch(() => null)]);
    return read;
  }

  /** Settings and a form as the database has them now: nothing is refused by what is only remembered. */
  async readForm(key: string): Promise<{ settings: Settings; form: FormWithSite | null }> {
    return this.#read(key);
  }

  /** A form as it was last read, however long ago: for when it cannot be read now. */
  remembered(key: string): FormWithSite | null {
    return (this.#settings && this.#forms.get(key)) ?? null;
  }

  /** What is known of mail domains: read from the Worker's assets when a form first asks. */
  async mailDomains(): Promise<MailDomains> {
    this.#mailDomains ??= new MailDomains(JSON.parse(await this.#readAsset(mailDomainsAsset)) as PackedMailDomains);
    return this.#mailDomains;
  }

  /** The sentences of explanations: read from the Worker's assets when one is first asked for. */
  async explainTexts(): Promise<ExplainTexts> {
    this.#explainTexts ??= JSON.parse(await this.#readAsset(explainTextsAsset)) as ExplainTexts;
    return this.#explainTexts;
  }

  /** What reads telephone numbers: loaded when an isolate first sees one, the numbering plans from the Worker's assets. */
  async phoneNumbers(): Promise<PhoneNumbers> {
    if (!this.#phoneNumbers) {
      const { PhoneNumbers, phoneMetadataAsset } = await import('../domain/people/phone-numbers.ts');
      this.#phoneNumbers = new PhoneNumbers(JSON.parse(await this.#readAsset(phoneMetadataAsset)));
    }
    return this.#phoneNumbers;
  }

  /** Forgets everything that a change of settings concerns: called after a change, and when the database says that one has been. */
  invalidate(): void {
    this.#settings = undefined;
    this.#forms.clear();
  }

  #isOld(): boolean {
    return this.#clock() - this.#readAt > maxAgeMs;
  }

  async #read(formKey?: string): Promise<{ settings: Settings; form: FormWithSite | null }> {
    const read = await readCaptureSettings(this.#db, formKey === undefined ? {} : { formKey });
    if (read.settings.version !== this.#settings?.version) this.#forms.clear();
    const settings = toSettings(read.settings);
    this.#settings = settings;
    this.#readAt = this.#clock();
    if (!read.form) return { settings, form: null };
    const { siteId } = read.form;
    const form = { ...read.form, site: settings.sites.find(({ id }) => id === siteId) ?? settings.defaultSite };
    if (this.#forms.size >= maxForms) this.#forms.clear();
    this.#forms.set(form.key, form);
    return { settings, form };
  }
}

function toSettings(row: SettingsRow): Settings {
  const aliases = new AliasMap(row.aliases);
  const defaultSite = row.sites.find((site) => site.isDefault) ?? row.sites[0];
  if (!defaultSite) throw new Error('The database holds no site; its migrations have not run.');
  const rulesOf = (site: Site): AttributionRules => ({
    channelRules: site.channelRules,
    aliasOf: (field, canonical) => aliases.resolve(field, canonical),
    ignoredReferrers: site.ignoredReferrers,
  });
  const rules = new Map(row.sites.map((site) => [site.id, rulesOf(site)]));
  return {
    version: row.version,
    sites: row.sites,
    defaultSite,
    defaultLeadStatus: row.defaultLeadStatus,
    originRules: ({ id }) => rules.get(id)!,
  };
}

/** The site named by its key, else the one whose domains hold the page, else the default one. */
export function findSite(settings: Settings, { key, host }: { key?: string | undefined; host?: string | null }): Site {
  return (
    (key ? settings.sites.find((site) => site.key === key) : undefined) ??
    (host ? settings.sites.find((site) => site.domains.length > 0 && isSiteHost(site, host)) : undefined) ??
    settings.defaultSite
  );
}

/**
 * Whether a journey that was signed for a site (null: before tokens named one) is one at a form of this site. The default site takes
 * any page until it has domains, and so a journey of any page.
 */
export function takesJourneyOf(site: Site, signedFor: string | null): boolean {
  return signedFor === null || signedFor === site.key || (site.isDefault && site.domains.length === 0);
}

/** Whether a host is one of the site's domains or below one. A site without domains has none to compare: false. */
export function isSiteHost(site: Site, host: string): boolean {
  return isHostWithin(host, site.domains);
}

export function isHostWithin(host: string, domains: string[]): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
