import { cutText, maxValueLength } from '../text-values.ts';
import { foldFieldName } from './field-names.ts';
import { registrableDomain } from '../hosts/registrable-domain.ts';

/** Legal forms, without dots and the slash of `A/S`: Nordic, German, English, Benelux, Romance, Central European, Baltic. */
const legalForms = wordSet(`
  as asa ans da ba sa nuf ks iks enk sf hf aksjeselskap  ab aktiebolag hb kb publ  oy oyj ky  aps ivs amba aktieselskab  ehf slf
  gmbh ggmbh mbh ag kg kgaa ug ek ev ohg gbr se  ltd limited llc llp lp plc inc incorporated corp corporation co company pty cic
  bv nv vof bvba  sarl sas sasu eurl  srl spa snc  sl slu lda ltda  sro spzoo zrt kft nyrt doo ood eood  uab sia oü
`);

/** Forms of several words, checked before those of one. */
const longForms = ['sp z oo', 'sp zoo', 'spółka z oo', 'spol sro', 'spol s ro', 's ro'];

/** Forms that stand before the name: `AS Norsk Rør`, `AB Volvo`, `UAB Vilnius`. */
const leadingForms = wordSet('as ab oy uab sia');

const joiners = wordSet('& + and og och und');

/** Sites on which many firms have a page: a path there names the page, not the firm's own domain. */
const pageHosts = wordSet(
  'facebook.com fb.com fb.me instagram.com linkedin.com twitter.com x.com tiktok.com youtube.com linktr.ee google.com goo.gl g.page',
);

/** What people write where they have no company, folded: in the languages of the field names. */
const noCompany = wordSet(`
  na none no nil null nothing notapplicable doesnotapply notrelevant nocompany unknown undefined private privateperson privateindividual
  privat privatperson privatkunde individual personal ingen inget intet ingenting ikkeaktuelt ikkerelevant irrelevant ejrelevant ejaktuellt
  ingenfirma ingenbedrift intetfirma ingetforetag finnesikke harikke nei nej privatist privatpersonen privatkund yksityishenkilo yksityinen
  ei eimitaan eiole eiyritysta keine keines keiner kein nein keinefirma keinunternehmen entfallt nichtzutreffend nichtvorhanden
  aucun aucune non aucuneentreprise sansobjet neant particulier prive rien ninguno ninguna ningun noaplica nada sinempresa particular
  harikkefirma egetbruk tilprivatbruk privatadresse notavailable nonegiven nocompanyname nope justme myself privatehousehold
  keineangabe keineangaben ohne ohnefirma sansentreprise sanssociete notengo
  brak brakfirmy nie niedotyczy osobaprywatna osobafizyczna prywatnie prywatny nessuna nessuno nessunaazienda privato privata
  nvt geen nee geenbedrijf nietvantoepassing privatpersoon ukjent okand ukendt unbekannt
`);

/**
 * Whether an answer says that there is no company: a word for "none" or "private", or neither letter nor digit.
 * @example isNoCompany('N/A') // true; `Ingen`, `-`, `keine` and `n.v.t.` too
 */
export function isNoCompany(text: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(text)) return true;
  // German `keine Angabe`. Without the points it may be a firm.
  return text.length <= 40 && (noCompany.has(foldFieldName(text)) || /^k\. ?a\.$/iu.test(text.trim()));
}

/** What people write before the number itself, in upper case without spaces. Longer ones first. */
const numberLabel =
  /^(?:ORGANISASJONSNUMMER|ORGANISATIONSNUMMER|ORGANIZATIONNUMBER|FORETAKSNUMMER|COMPANYNUMBER|COMPANYNO|ORGNUMMER|ORGNR|ORGNO|ORG|CVRNUMMER|CVRNR|CVR|YTUNNUS|USTIDNR|USTID|VATNUMBER|VATNO|VATNR|VATID|VAT|TAXID|REGNR|REGNO)/u;

/**
 * What a company's name is compared by, where no domain is known: NFKC, lower case, punctuation and spaces folded, legal
 * form left out at the end (any number of times) or the front. `Firma A/S`, `firma as` and `AS Firma` are one.
 *
 * - A form is never the whole name: `AS` stays `as`.
 * - `&`, `+`, and, og, och, und between two words are one, so that `Ernst & Young` is `Ernst og Young`.
 * - Accents count: `Håland` and `Haland` are two firms.
 * - `Spa` and `spa` are a bath, `SpA`, `SPA` and `S.p.A.` the Italian form.
 *
 * Null where the name holds neither letter nor digit. The first 255 characters count. Idempotent.
 */
export function companyNameKey(name: string): string | null {
  const words = splitWords(name);
  while (words.length > 1 && (stripFront(words) || stripEnd(words)));
  const last = words.length - 1;
  const key = words
    .map((word, index) => (index > 0 && index < last && joiners.has(lower(word)) ? '&' : lower(word)))
    .join(' ');
  return /[\p{L}\p{N}]/u.test(key) ? key : null;
}

/** The registrable domain of what somebody wrote as a company's website: URL or host, with `www.` and path or without. */
export function normalizeCompanyDomain(raw: string): string | null {
  const text = raw.trim();
  const domain = registrableDomain(text);
  return domain !== null && pageHosts.has(domain) && hasPath(text) ? null : domain;
}

/**
 * A registration number as letters and digits only, without its label: `Org.nr. NO 987 654 321 MVA` → `987654321`.
 * A country's letters stay (`DK12345678`), except Norway's, whose VAT number is the registration number in dress.
 * Null without a digit, or where it is longer than any register's (32).
 */
export function normalizeRegistrationNumber(raw: string): string | null {
  const compact = cutText(raw, maxValueLength)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/gu, '');
  const number = compact.replace(numberLabel, '').replace(/^(?:NO)?(\d{9})(?:MVA)?$/u, '$1');
  return /\d/u.test(number) && number.length <= 32 ? number : null;
}

/** Words and joining signs, case kept; single letters with a dot or slash between them (`s.r.o.`, `A/S`) become one word. */
function splitWords(name: string): string[] {
  const text = cutText(name.toWellFormed(), maxValueLength)
    .normalize('NFKC')
    .replace(/['’`´]/gu, '');
  const joined = text.replace(/(?<![\p{L}\p{N}\p{M}])(\p{L})[./] ?(?=\p{L}(?![\p{L}\p{N}\p{M}]))/gu, '$1');
  return joined.match(/[\p{L}\p{N}\p{M}]+|[&+]/gu) ?? [];
}

function stripFront(words: string[]): boolean {
  const first = words[0] ?? '';
  if (!isSign(first) && !leadingForms.has(lower(first))) return false;
  words.shift();
  return true;
}

function stripEnd(words: string[]): boolean {
  const last = words.at(-1) ?? '';
  if (isSign(last)) words.pop();
  else {
    const length = formLength(words);
    if (length === 0) return false;
    words.splice(-length);
    // What joined the form goes with it: `Hansen og Co`.
    if (words.length > 1 && joiners.has(lower(words.at(-1) ?? ''))) words.pop();
  }
  return true;
}

/** How many words at the end are a legal form. Never all of them. */
function formLength(words: string[]): number {
  for (const form of longForms) {
    const length = form.split(' ').length;
    if (words.length > length && lower(words.slice(-length).join(' ')) === form) return length;
  }
  const last = words.at(-1) ?? '';
  return words.length > 1 && legalForms.has(lower(last)) && last !== 'Spa' && last !== 'spa' ? 1 : 0;
}

function isSign(word: string): boolean {
  return word === '&' || word === '+';
}

function lower(word: string): string {
  return word.toLowerCase().normalize('NFKC');
}

function hasPath(url: string): boolean {
  const start = url.indexOf('://');
  const slash = url.indexOf('/', start === -1 ? 0 : start + 3);
  return slash !== -1 && slash < url.length - 1;
}

function wordSet(text: string): Set<string> {
  return new Set(text.split(/\s+/u).filter(Boolean));
}
