/** What one visitor sends, as bytes on the wire but for the host; `n` counts requests. */
export type Load = {
  /** Whether each visitor comes back with the journey that was signed for an earlier visit. */
  hasJourney?: boolean;
  make: (n: number) => { path: string; body?: string };
};

const page = (n: number) => `https://firma.no/?utm_source=s${n % 50}&utm_medium=cpc&utm_campaign=c${n % 20}`;
const touch: Load['make'] = (n) => ({ path: `/t?site=default&u=${encodeURIComponent(page(n))}` });
const form =
  (email: (n: number) => string): Load['make'] =>
  (n) => ({ path: '/f/demo', body: JSON.stringify({ email: email(n), name: 'Kari Nordmann', _page: page(n) }) });

/** People who are known by the time that is measured: all are sent once before. */
export const knownPeople = 500;

export const loads = {
  touch: { make: touch },
  'touch with a journey': { make: touch, hasJourney: true },
  'new person, known company': { make: form((n) => `p${n}@firma${n % knownPeople}.no`) },
  'new person and company': { make: form((n) => `p${n}@firma${n}.no`) },
  'known person': { make: form((n) => `p${n % knownPeople}@firma${n % 100}.no`) },
} as const satisfies Record<string, Load>;

export type LoadName = keyof typeof loads;
