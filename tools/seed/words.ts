/** Names of people and companies that do not exist. Their addresses are below `.example`, which nobody can have. */

export type Language = 'no' | 'en';

export const firstNames: Record<Language, readonly string[]> = {
  no: `Kari Ola Ingrid Lars Anne Per Marit Bjørn Silje Knut Ida Morten Hanne Øyvind Sigrid Geir Åse Terje Nina Håkon Solveig Eirik Ragnhild
    Jon Astrid Trond Liv Stian Gro Magnus Tone Espen Randi Vegard Berit Kjetil Elin Rune Turid Sverre`.split(/\s+/),
  en: `Emma James Olivia Thomas Sophie Daniel Grace Oliver Chloe Henry Amelia George Isla William Freya Jack Alice Samuel Ruby Edward
    Hannah Peter Laura Martin Julia Anton Clara Felix Marie Jonas`.split(/\s+/),
};

export const lastNames: Record<Language, readonly string[]> = {
  no: `Hansen Johansen Olsen Larsen Andersen Nilsen Berg Haugen Dahl Lie Bakke Moen Strand Solberg Nygård Lund Eide Aas Sæther Rønning
    Hagen Myhre Fosse Tveit Brekke Sandvik Lunde Øien Vik Granli`.split(/\s+/),
  en: `Walker Hughes Bennett Foster Murphy Clarke Shaw Palmer Reid Marsh Keller Novak Lindqvist Berger Janssen Moreau Rossi Larkin Doyle
    Whitfield Ashby Holt Barlow Pryce Sutton`.split(/\s+/),
};

export const companyWords = {
  first:
    `Fjord Nord Vest Sør Berg Havn Skog Elv Bre Vidde Kyst Tind Foss Sund Lyng Furu Granitt Polar Aurora Dal Ås Nes Holme Vang
    Harbour North Silver Amber Copper Oak Stone River Summit Delta`.split(/\s+/),
  second:
    `Elektro Bygg Eiendom Drift Entreprenør Rør Ventilasjon Consulting Logistikk Sjømat Industri Anlegg Kraft Maskin Hotell Teknikk
    Facility Property Engineering Energy Marine Works Systems Partners`.split(/\s+/),
  legal: ['AS', 'AS', 'AS', 'ASA', 'Ltd', 'AB'],
};

export const owners = [
  'Maja Lindvik',
  'Sander Aune',
  'Tuva Bergset',
  'Filip Nordal',
  'Hedda Rosvold',
  'Aksel Myrene',
] as const;

export const titles: Record<Language, readonly string[]> = {
  no: ['Driftssjef', 'Daglig leder', 'Eiendomsforvalter', 'Teknisk sjef', 'Innkjøper', 'Prosjektleder', 'Vaktmester'],
  en: [
    'Facility manager',
    'Operations director',
    'Property manager',
    'Head of maintenance',
    'Buyer',
    'Project manager',
  ],
};

export const messages: Record<Language, readonly string[]> = {
  no: [
    'Vi ønsker en demo av vedlikeholdsplanen.',
    'Hva koster det for 40 bygg?',
    'Kan dere ringe meg i morgen?',
    'Vi bruker regneark i dag og vil bytte før nyttår.',
    'Har dere kobling mot regnskapet vårt?',
  ],
  en: [
    'We would like to see a demo.',
    'What does it cost for 40 buildings?',
    'Could you call me tomorrow?',
    'We use spreadsheets today and want to change before the new year.',
    'Do you connect to our accounting system?',
  ],
};

/** Answers to "How did you hear about us?", as people write them. */
export const selfReported: Record<Language, readonly string[]> = {
  no: ['Google', 'LinkedIn', 'En kollega', 'Anbefalt av en kunde', 'Podkast', 'Nyhetsbrevet', 'Messe', 'Facebook'],
  en: ['Google', 'LinkedIn', 'A colleague', 'A customer told us', 'Podcast', 'Your newsletter', 'ChatGPT', 'A fair'],
};
