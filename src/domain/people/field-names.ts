/** What a form's field can be mapped to. */
export const leadTargets = [
  'email',
  'firstName',
  'lastName',
  'fullName',
  'phone',
  'title',
  'companyName',
  'companyDomain',
  'registrationNumber',
  'country',
  'consent',
  'selfReported',
] as const;

export type LeadTarget = (typeof leadTargets)[number];

/**
 * The names under which forms ask, the surest first: where two fields of a form could be one
 * target, the earlier name is believed. English, Norwegian, Swedish, Danish, German, Finnish, French, Spanish, Dutch,
 * Polish, Italian.
 */
const namesByTarget: Record<LeadTarget, string> = {
  email: `email emailaddress epost epostadresse epostadress emailadresse mailadresse emailadress mail mailaddress replyto
    sahkoposti courriel adresseemail adressemail correo correoelectronico emailadres useremail workemail businessemail jobbepost`,
  firstName:
    'firstname fname givenname forename fornavn fornamn vorname etunimi prenom nombre voornaam imie nome first',
  lastName:
    'lastname lname surname familyname etternavn efternavn efternamn nachname familienname sukunimi nomdefamille apellido apellidos achternaam nazwisko cognome last',
  fullName: `fullname kontaktperson contactperson name navn fulltnavn heltnavn namn fulltnamn fuldenavn fuldtnavn vollername vorundnachname
    vornameundnachname nimi kokonimi nom nomcomplet nometprenom prenometnom nombrecompleto nombreyapellidos naam volledigenaam voorenachternaam
    imieinazwisko nomeecognome firstandlastname fornavnogetternavn fornavnogefternavn`,
  phone: `phone phonenumber telephone telephonenumber tel tlf tlfnr telefon telefonnummer telefonnr mobile mobilephone mobilenumber mobil mobilnummer
    mobiltelefon mobilnr cell cellphone cellphonenumber puhelin puhelinnumero telefono telefoon telefoonnummer handynummer rufnummer numertelefonu nrtelefonu telefonkomorkowy cellulare numeroditelefono`,
  title:
    'jobtitle title stilling stillingstittel tittel position jobposition role rolle titel befattning yrkestitel stillingsbetegnelse funktion berufsbezeichnung jobbtittel tehtavanimike functie puesto poste stanowisko ruolo',
  companyName: `company companyname organization organisation organizationname organisationname business businessname employer firma firmanavn firmaname bedrift bedriftsnavn
    selskap selskapsnavn virksomhet virksomhetsnavn arbeidsgiver foretag foretagsnamn virksomhed virksomhedsnavn unternehmen yritys entreprise societe empresa bedrijf bedrijfsnaam nazwafirmy azienda nomeazienda ragionesociale`,
  companyDomain:
    'companywebsite website companydomain domain domene webside webseite hjemmeside hemsida nettsted nettside webadresse weburl homepage url siteweb paginaweb internettadresse stronainternetowa stronawww sitoweb web',
  registrationNumber: `orgnr orgnumber orgno organisasjonsnummer organisasjonsnr organisationsnummer organisationsnr orgnummer registrationnumber companynumber companyregistrationnumber
    foretaksnummer cvr cvrnr cvrnummer handelsregisternummer ytunnus vat vatnumber vatno vatid ustid ustidnr siret siren nip partitaiva`,
  country: 'country countryname land maa pays pais kraj paese',
  consent:
    'consent samtykke samtycke einwilligung gdpr gdprconsent marketingconsent newsletterconsent acceptmarketing optin marketingoptin suostumus consentement consentimiento toestemming zgoda consenso',
  selfReported: `how_did_you_hear_about_us how_did_you_hear how_did_you_hear_about how_did_you_find_us how_did_you_find_out how_did_you_hear_of_us
    heard_about_us hear_about_us heard_from where_did_you_hear_about_us
    hvor_hørte_du_om_oss hvor_har_du_hørt_om_oss hvordan_hørte_du_om_oss hvordan_fant_du_oss hvordan_fikk_du_høre_om_oss hvor_hørte_du_først_om_oss
    hvor_hørte_du_om_os hvor_har_du_hørt_om_os hvordan_hørte_du_om_os hvordan_fandt_du_os
    hur_hörde_du_om_oss var_hörde_du_om_oss hur_fick_du_höra_om_oss hur_hittade_du_oss hur_hittade_du_till_oss
    wie_haben_sie_von_uns_erfahren wie_hast_du_von_uns_erfahren wie_sind_sie_auf_uns_aufmerksam_geworden wie_haben_sie_uns_gefunden wie_hast_du_uns_gefunden
    mistä_kuulit_meistä comment_avez_vous_entendu_parler_de_nous cómo_nos_conociste hoe_heeft_u_ons_gevonden`,
};

// What form builders and polite forms put before the name proper: `your-name`, `contact_phone`, `Ihr Vorname`. Longer ones first.
const prefixes = [
  'your',
  'ditt',
  'din',
  'dit',
  'ihre',
  'ihr',
  'deres',
  'votre',
  'etpbcontact',
  'contact',
  'kontakt',
  'lead',
  'person',
  'customer',
  'formfields',
  'fields',
  'field',
  'form',
  'input',
  'data',
  'txt',
];

/** What a name, a title or an address can be of beside the sender: of a form, by its word in each language, or of another thing. */
const things =
  /(?:form|forms|skjema|skjemaet|skema|formular|formulaer|formulaire|formulario|formulier|formularza|modulo|lomake|lomakkeen|blankett|page|side|products?|produkt|items?|lines?|event|campaign|file|source|referr?er|browser|device|site|shop|store|order|course|meta|metadata|definition)$/u;

/** What describes a thing as well as a person, so that whose it is decides: a name (`nombre` and `nome` are first ones), a title, an address. */
const describing = new Set<LeadTarget>(['fullName', 'title', 'companyDomain']);
const isDescription = (target: LeadTarget, folded: string): boolean =>
  describing.has(target) || folded === 'nombre' || folded === 'nome';

/** `0-2` is the company among HubSpot's objects. */
const companyObject = '02';

/** What stands at the end of a path without being a name: the place in a list, and the word for the value itself. */
const filler = /^(?:\d*|und|full|value|values|answer)$/iu;

// Letters that Unicode does not take apart into a base and an accent.
const plainLetters: Record<string, string> = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th' };

/** Longest name that is compared. */
const maxNameLength = 200;

/** A field's name without case, accents, separators and brackets: `E-post *` → `epost`, `Hvor hørte du om oss?` → `hvorhorteduomoss`. */
export function foldFieldName(name: string): string {
  return name
    .slice(0, maxNameLength)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[øæœßłđðþ]/gu, (letter) => plainLetters[letter] ?? '')
    .replace(/[^a-z0-9]/gu, '');
}

const targetByName = new Map<string, FoundField>();
const addName = ({ target, rank, folded }: { target: LeadTarget; rank: number; folded: string }) =>
  targetByName.set(folded, { target, rank, isDescription: isDescription(target, folded), isOfThing: false });
for (const target of leadTargets) {
  for (const [rank, name] of namesByTarget[target].split(/\s+/u).entries())
    addName({ target, rank, folded: foldFieldName(name) });
}

/** Names looked up before: forms send the same ones again and again. Bounded by `maxKnown` names. */
const known = new Map<string, FoundField | null>();
const maxKnown = 1_000;

/** What a field is for, by its name. `rank`: 0 is the surest; a whole name comes before a wrapped one, and that before a prefixed one. */
export type FoundField = {
  target: LeadTarget;
  rank: number;
  /** A name, a title or an address: forms have one as well as people. */
  isDescription: boolean;
  /** Below the name of a form or another thing: the sender's only where the same container holds the address. */
  isOfThing: boolean;
};

const wrappedRank = 1_000;
const prefixedRank = 2_000;

/** What a field of this name is commonly for, and how sure the name is. Null where the name says nothing known. */
export function targetOfField(name: string): FoundField | null {
  const before = known.get(name);
  if (before !== undefined) return before;
  const found = findTarget(name);
  if (known.size >= maxKnown) known.clear();
  known.set(name, found);
  return found;
}

/**
 * The parts of a wrapped name: `a[b][c]`, `a.b`, `a/b`. Places in a list and words for the value itself are left out. A point or a slash
 * beside a space is a sentence's: `E-post / Email` is one part.
 */
export function fieldPath(name: string): string[] {
  if (!/[[./]/u.test(name)) return [name];
  const parts = name
    .slice(0, maxNameLength)
    .split(/[[\]]+|(?<=\S)[./]+(?=\S)/u)
    .map((part) => part.trim())
    .filter((part) => !filler.test(part));
  return parts.length > 0 ? parts : [name];
}

/** What wraps a field's name, folded: `data[Contact][email]` is in `data/contact`, `email` in ``. */
export function containerOf(name: string): string {
  return fieldPath(name).slice(0, -1).map(foldFieldName).join('/');
}

function findTarget(name: string): FoundField | null {
  const whole = lookUp(name);
  if (whole && whole.rank < prefixedRank) return whole;
  const path = fieldPath(name);
  const [wrapper, last] = [path.at(-2), path.at(-1)!];
  if (wrapper === undefined) return last === name ? whole : lookUp(last);
  const joined = targetByName.get(foldFieldName(wrapper + last));
  if (joined) return { ...joined, rank: joined.rank + wrappedRank };
  const found = lookUp(last);
  if (!found) return whole;
  const container = foldFieldName(wrapper);
  // `Fornavn/Etternavn` asks for both.
  if (found.target === 'lastName' && targetByName.get(container)?.target === 'firstName')
    return { ...found, target: 'fullName', rank: found.rank + wrappedRank };
  const isCompany = container === companyObject || targetByName.get(container)?.target === 'companyName';
  return {
    ...found,
    target: isCompany && found.target === 'fullName' ? 'companyName' : found.target,
    rank: found.rank + wrappedRank,
    isOfThing: found.isDescription && things.test(container),
  };
}

/** A name that stands in the table, or does after a prefix, the number of a question (`q3_name`) and a number at its end. */
function lookUp(name: string): FoundField | null {
  const folded = foldFieldName(name);
  const exact = targetByName.get(folded);
  if (exact) return exact;
  const bare = folded.replace(/^q\d+(?=[a-z])|\d+$/gu, '');
  const prefix = prefixes.find((start) => bare.startsWith(start));
  const found =
    targetByName.get(bare) ?? (prefix === undefined ? undefined : targetByName.get(bare.slice(prefix.length)));
  // `form-name` is what the form is called, and never the sender.
  if (!found || (prefix === 'form' && !targetByName.has(bare) && found.isDescription)) return null;
  return { ...found, rank: found.rank + prefixedRank };
}
