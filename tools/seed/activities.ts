/** How people find the company: what it pays for, sends out, and is found by. */

/** A spelling of a source, how often it is written so, and for how many days; unset, all the time. The first is the right one. */
type Spelling = [source: string, weight: number, days?: number];

export type Activity = {
  name: string;
  /** Without one, the arrival has no utm values: a referrer alone, or nothing. */
  utm?: {
    sources: Spelling[];
    medium: string;
    campaigns: string[];
    terms?: string[];
    contents?: string[];
  };
  clickId?: string;
  referrerHost?: string;
  /** Paths below the site. */
  pages: string[];
  /** How often it is the first thing that brings somebody, and how often the last before the form. */
  opens: number;
  closes: number;
  /** How likely its leads become deals; 1 is usual. */
  quality: number;
  /** Visits to each lead that it closes. */
  visitsPerLead: number;
  /** What a visit costs, in kroner; and how many conversions the platform claims for each lead that it closes. */
  costPerVisit?: number;
  claimFactor?: number;
};

const pages = ['/', '/produkt', '/pris', '/kunder', '/en/', '/en/product', '/en/pricing'];

export const activities: readonly Activity[] = [
  {
    name: 'Google Ads',
    utm: {
      sources: [['google', 1]],
      medium: 'cpc',
      campaigns: ['merkevare', 'vedlikehold_sok', 'fdv_system', 'facility_software_en'],
      terms: ['fdv system', 'vedlikeholdsplan', 'facility management software', 'byggforvaltning'],
      contents: ['annonse_a', 'annonse_b'],
    },
    clickId: 'gclid',
    pages: ['/produkt', '/pris', '/en/product'],
    opens: 14,
    closes: 15,
    quality: 1,
    visitsPerLead: 19,
    costPerVisit: 11,
    claimFactor: 1.35,
  },
  { name: 'Google search', referrerHost: 'google.com', pages, opens: 21, closes: 12, quality: 1.1, visitsPerLead: 31 },
  { name: 'Bing search', referrerHost: 'bing.com', pages, opens: 4, closes: 2, quality: 1.1, visitsPerLead: 28 },
  {
    name: 'LinkedIn ads',
    utm: {
      sources: [
        ['linkedin', 84],
        ['Linkedin', 7],
        ['linked-in', 6],
        ['linkdin', 12, 24],
      ],
      medium: 'paid-social',
      campaigns: ['fdv_guide', 'demo_hoest', 'bransjerapport'],
      contents: ['video', 'karusell', 'bilde'],
    },
    clickId: 'li_fat_id',
    pages: ['/guide', '/produkt'],
    opens: 14,
    closes: 7,
    quality: 0.8,
    visitsPerLead: 24,
    costPerVisit: 34,
    claimFactor: 1.9,
  },
  {
    name: 'Facebook ads',
    utm: {
      sources: [
        ['facebook', 95],
        ['facebok', 9, 16],
        ['Facebook', 3],
      ],
      medium: 'paid-social',
      campaigns: ['guide_vaktmester', 'hoestkampanje'],
      contents: ['video', 'bilde'],
    },
    clickId: 'fbclid',
    pages: ['/guide', '/'],
    opens: 9,
    closes: 6,
    quality: 0.45,
    visitsPerLead: 36,
    costPerVisit: 7,
    claimFactor: 2.4,
  },
  {
    name: 'Newsletter',
    utm: {
      sources: [
        ['newsletter', 82],
        ['nyhetsbrev', 15],
        ['newletter', 3],
      ],
      medium: 'email',
      campaigns: ['nyhetsbrev_1', 'nyhetsbrev_2', 'nyhetsbrev_3', 'nyhetsbrev_4'],
      contents: ['topp', 'bunn'],
    },
    pages: ['/kunder', '/guide', '/produkt'],
    opens: 3,
    closes: 17,
    quality: 1.4,
    visitsPerLead: 12,
  },
  { name: 'LinkedIn posts', referrerHost: 'linkedin.com', pages, opens: 7, closes: 4, quality: 1, visitsPerLead: 22 },
  { name: 'ChatGPT', referrerHost: 'chatgpt.com', pages, opens: 5, closes: 3, quality: 1.3, visitsPerLead: 14 },
  {
    name: 'Trade paper',
    referrerHost: 'fagbladet-bygg.example',
    pages: ['/', '/kunder'],
    opens: 4,
    closes: 2,
    quality: 1.2,
    visitsPerLead: 26,
  },
  {
    name: 'Video',
    utm: { sources: [['youtube', 1]], medium: 'video', campaigns: ['kundehistorier'] },
    referrerHost: 'youtube.com',
    pages: ['/kunder'],
    opens: 3,
    closes: 1,
    quality: 0.7,
    visitsPerLead: 40,
  },
  {
    name: 'Display',
    utm: { sources: [['adform', 1]], medium: 'display', campaigns: ['gjenkjenning'], contents: ['980x600', '300x250'] },
    pages: ['/'],
    opens: 4,
    closes: 1,
    quality: 0.2,
    visitsPerLead: 90,
    costPerVisit: 3,
    claimFactor: 6,
  },
  {
    name: 'Trade fair',
    utm: { sources: [['byggmessen', 1]], medium: 'event', campaigns: ['byggmessen_var'] },
    pages: ['/messe'],
    opens: 2,
    closes: 3,
    quality: 1.1,
    visitsPerLead: 3,
  },
  { name: 'Direct', pages, opens: 9, closes: 15, quality: 1, visitsPerLead: 45 },
];

/** The seed's first question: which channel brings most sign-ups to a webinar, and whose become deals. */
export const webinarActivities: ReadonlyArray<{ activity: Activity; share: number }> = (
  [
    ['linkedin', 'social', 0.5, 0.8],
    ['newsletter', 'email', 0.28, 1.5],
    ['google', 'cpc', 0.22, 1],
  ] as const
).map(([source, medium, share, quality]) => ({
  share,
  activity: {
    name: `Webinar by ${source}`,
    utm: { sources: [[source, 1]], medium, campaigns: ['webinar_vedlikehold'] },
    pages: ['/webinar'],
    opens: 1,
    closes: 1,
    quality,
    visitsPerLead: 6,
  },
}));

/** The seed's second question: three partners, with exactly so many leads and deals. */
export const partnerActivities: ReadonlyArray<{ activity: Activity; leads: number; deals: number }> = (
  [
    ['Partner A', 'email', 30, 2],
    ['Partner B', 'webinar', 50, 10],
    ['Partner C', 'referral', 10, 1],
  ] as const
).map(([source, medium, leads, deals]) => ({
  leads,
  deals,
  activity: {
    name: source,
    utm: { sources: [[source, 1]], medium, campaigns: ['felles_kampanje'] },
    pages: ['/partner'],
    opens: 1,
    closes: 1,
    quality: 1,
    visitsPerLead: 4,
  },
}));
