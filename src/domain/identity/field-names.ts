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
 * target, the earlier name is believed. English, Norwegian, Swedish, Danish, German, Finnish, French, Spanish, Dutch.
 */
const namesByTarget: Record<LeadTarget, string> = {
  email: `email emailaddress epost epostadresse epostadress emailadresse mailadresse emailadress mail mailaddress replyto
    sahkoposti courriel adresseemail adressemail correo correoelectronico emailadres useremail workemail businessemail jobbepost`,
  firstName: 'firstname fname givenname forename fornavn fornamn vorname etunimi prenom nombre voornaam first',
  lastName:
    'lastname lname surname familyname etternavn efternavn efternamn nachname familienname sukunimi nomdefamille apellido apellidos achternaam last',
  fullName:
    'fullname kontaktperson contactperson name navn fulltnavn heltnavn namn fulltnamn fuldenavn fuldtnavn vollername nimi kokonimi nom nomcomplet nombrecompleto naam volledigenaam',
  phone: `phone phonenumber telephone telephonenumber tel tlf tlfnr telefon telefonnummer telefonnr mobile mobilephone mobilenumber mobil mobilnummer
    mobiltelefon mobilnr cell cellphone cellphonenumber puhelin puhelinnumero telefono telefoon telefoonnummer handynummer rufnummer`,
  title:
    'jobtitle title stilling stillingstittel tittel position jobposition role rolle titel befattning yrkestitel stillingsbetegnelse funktion berufsbezeichnung jobbtittel tehtavanimike functie puesto poste',
  companyName: `company companyname organization organisation organizationname organisationname business businessname employer firma firmanavn firmaname bedrift bedriftsnavn
    selskap selskapsnavn virksomhet virksomhetsnavn arbeidsgiver foretag foretagsnamn virksomhed virksomhedsnavn unternehmen yritys entreprise societe empresa bedrijf bedrijfsnaam`,
  companyDomain:
    'companywebsite website companydomain domain domene webside webseite hjemmeside hemsida nettsted nettside webadresse weburl homepage url siteweb paginaweb internettadresse web',
  registrationNumber: `orgnr orgnumber orgno organisasjonsnummer organisasjonsnr organisationsnummer organisationsnr orgnummer registrationnumber companynumber companyregistrationnumber
    foretaksnummer cvr cvrnr cvrnummer handelsregisternummer ytunnus vat vatnumber vatno vatid ustid ustidnr siret siren`,
  country: 'country countryname land maa pays pais',
  consent:
    'consent samtykke samtycke einwilligung gdpr gdprconsent marketingconsent newsletterconsent acceptmarketing optin marketingoptin suostumus consentement consentimiento toestemming',
  selfReported: `how_did_you_hear_about_us how_did_you_hear how_did_you_hear_about how_did_you_find_us how_did_you_find_out how_did_you_hear_of_us
    heard_about_us hear_about_us heard_from where_did_you_hear_about_us
    hvor_hørte_du_om_oss hvor_har_du_hørt_om_oss hvordan_hørte_du_om_oss hvordan_fant_du_oss hvordan_fikk_du_høre_om_oss hvor_hørte_du_først_om_oss
    hvor_hørte_du_om_os hvor_har_du_hørt_om_os hvordan_hørte_du_om_os hvordan_fandt_du_os
    hur_hörde_du_om_oss var_hörde_du_om_oss hur_fick_du_höra_om_oss hur_hittade_du_oss hur_hittade_du_till_oss
    wie_haben_sie_von_uns_erfahren wie_hast_du_von_uns_erfahren wie_sind_sie_auf_uns_aufmerksam_geworden wie_haben_sie_uns_gefunden wie_hast_du_uns_gefunden
    mistä_kuulit_meistä comment_avez_vous_entendu_parler_de_nous cómo_nos_conociste hoe_heeft_u_ons_gevonden`,
};

// What form builders and polite forms put before the name proper: `your-name`, `fields[email]`, `contact.phone`, `Ihr Vorname`.
const prefixes = [
  'your',
  'din',
  'ditt',
  'dit',
  'ihre',
  'ihr',
  'deres',
  'votre',
  'contact',
  'kontakt',
  'lead',
  'person',
  'customer',
  'fields',
  'field',
  'form',
  'input',
  'data',
  'txt',
];

// Letters that Unicode does not take apart into a base and an accent.
const plainLetters: Record<string, string> = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th' };

/** A field's name without case, accents, separators and brackets: `E-post *` → `epost`, `Hvor hørte du om oss?` → `hvorhorteduomoss`. */
export function foldFieldName(name: string): string {
  return name
    .slice(0, 200)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[øæœßłđðþ]/gu, (letter) => plainLetters[letter] ?? '')
    .replace(/[^a-z0-9]/gu, '');
}

const targetByName = new Map<string, { target: LeadTarget; rank: number }>();
for (const target of leadTargets) {
  for (const [rank, name] of namesByTarget[target].split(/\s+/u).entries())
    targetByName.set(foldFieldName(name), { target, rank });
}

/** Names looked up before: forms send the same ones again and again. Bounded by `maxKnown` names. */
const known = new Map<string, Found | null>();
const maxKnown = 1_000;

type Found = { target: LeadTarget; rank: number };

/** What a field of this name is commonly for, and how sure the name is (0 the surest). Null where the name says nothing known. */
export function targetOfField(name: string): Found | null {
  const before = known.get(name);
  if (before !== undefined) return before;
  const found = findTarget(foldFieldName(name));
  if (known.size >= maxKnown) known.clear();
  known.set(name, found);
  return found;
}

function findTarget(folded: string): Found | null {
  const exact = targetByName.get(folded);
  if (exact !== undefined) return exact;
  const prefix = prefixes.find((start) => folded.startsWith(start));
  return prefix === undefined ? null : (targetByName.get(folded.slice(prefix.length)) ?? null);
}
