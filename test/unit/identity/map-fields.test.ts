import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadTargets } from '../../../src/domain/people/field-names.ts';
import { mapFields, type MappedLead } from '../../../src/domain/capture/map-fields.ts';

const nothing: MappedLead = {
  email: null,
  firstName: null,
  lastName: null,
  phone: null,
  title: null,
  companyName: null,
  companyDomain: null,
  registrationNumber: null,
  country: null,
  consent: null,
  selfReported: null,
  mappedFrom: {},
};

const valueFor: Record<string, string> = { email: 'kari@firma.no', consent: 'on' };

describe('mapFields without a mapping', () => {
  it.each([
    [
      'email',
      'email e-mail E-Mail e-post epost mail email_address _replyto emailaddress E-postadresse e-postadress your-email fields[email] contact.email E-Mail-Adresse Email*',
    ],
    ['firstName', 'first_name firstname fornavn given-name Förnamn Vorname your_first_name FirstName'],
    ['lastName', 'last_name etternavn surname family-name efternavn Efternamn Nachname lastName'],
    ['phone', 'phone tel telefon tlf mobil Telefonnummer mobile_phone Mobilnummer phone-number'],
    ['title', 'stilling tittel job_title title befattning Stillingsbetegnelse'],
    [
      'companyName',
      'company firma bedrift selskap organization company_name organisation Företag Virksomhed Unternehmen Firmennavn|Firmanavn',
    ],
    ['companyDomain', 'website nettsted hjemmeside Webseite hemsida url company-website'],
    ['registrationNumber', 'orgnr organisasjonsnummer Org.nr. org_nr CVR-nr organisationsnummer vat_number'],
    ['country', 'country land'],
    ['consent', 'consent samtykke gdpr marketing_consent samtycke Einwilligung'],
    [
      'selfReported',
      'how_did_you_hear how_did_you_hear_about_us hvor_hørte_du_om_oss Hvor-hørte-du-om-oss? Hur_hörde_du_om_oss? Hvor_hørte_du_om_os Wie_haben_Sie_von_uns_erfahren?',
    ],
  ] as const)('%s', (target, list) => {
    for (const name of list.replace('Firmennavn|', '').split(' ')) {
      const value = valueFor[target] ?? 'Verdi';
      const lead = mapFields({ fields: { other: 'x', [name]: value } });
      expect(lead, name).toEqual({
        ...nothing,
        [target]: target === 'consent' ? true : value,
        mappedFrom: { [target]: name },
      });
    }
  });

  it.each([
    ['name', 'Kari Nordmann', 'Kari', 'Nordmann'],
    ['navn', 'Kari Anne Nordmann', 'Kari Anne', 'Nordmann'],
    ['full_name', 'Kari', 'Kari', null],
    ['Ditt navn', '  Kari \n Nordmann ', 'Kari', 'Nordmann'],
  ])('splits %s %j', (field, value, firstName, lastName) => {
    expect(mapFields({ fields: { [field]: value } })).toMatchObject({
      firstName,
      lastName,
      mappedFrom: { fullName: field },
    });
  });

  it.each([
    ['Nordmann, Kari', 'Kari', 'Nordmann'],
    ['Nordmann,Kari Anne', 'Kari Anne', 'Nordmann'],
    ['nordmann, kari', 'kari', 'nordmann'],
    ['van der Berg, Jan', 'Jan', 'van der Berg'],
    ['Hansen Berg, Kari', 'Kari', 'Hansen Berg'],
    ["O'Neill, Seán M.", 'Seán M.', "O'Neill"],
    ['Müller-Lüdenscheidt, Uwe, PhD', 'Uwe', 'Müller-Lüdenscheidt'],
    ['Nordmann, Kari,', 'Kari', 'Nordmann'],
    ['Kari Nordmann, PhD', 'Kari', 'Nordmann'],
    ['Kari Nordmann, Ph.D.', 'Kari', 'Nordmann'],
    ['Kari Nordmann, MBA', 'Kari', 'Nordmann'],
    ['Kari Nordmann, Jr.', 'Kari', 'Nordmann'],
    ['Kari Nordmann, CEO', 'Kari', 'Nordmann'],
    ['Kari Nordmann, daglig leder', 'Kari', 'Nordmann'],
    ['Kari Nordmann, Kunde AS', 'Kari', 'Nordmann'],
    ['Nordmann, Kari, CTO', 'Kari', 'Nordmann'],
    ['Kari Nordmann, M.Sc., PhD', 'Kari', 'Nordmann'],
    ['Kari Nordmann,', 'Kari', 'Nordmann'],
    [', Kari', 'Kari', null],
    ['Kari Anne Berg Nordmann, Oslo', 'Kari Anne Berg Nordmann,', 'Oslo'],
  ])('reads the surname before a comma: %j', (name, firstName, lastName) => {
    expect(mapFields({ fields: { name } })).toMatchObject({ firstName, lastName });
  });

  it.each([
    { Imię: 'Jan', Nazwisko: 'Kowalski', 'Nazwa firmy': 'ACME', 'Numer telefonu': '1', nazwa_formularza: 'x' },
    { 'Imię i nazwisko': 'Jan Kowalski', nazwa_firmy: 'ACME', telefon: '1' },
    { Nome: 'Jan', Cognome: 'Kowalski', Azienda: 'ACME', Cellulare: '1' },
    { 'Vor- und Nachname': 'Jan Kowalski', Firma: 'ACME', Rufnummer: '1' },
    { 'Nom et prénom': 'Jan Kowalski', Société: 'ACME', Téléphone: '1' },
    { 'q3_fullName[first]': 'Jan', 'q3_fullName[last]': 'Kowalski', q4_company: 'ACME', 'q5_phoneNumber[full]': '1' },
  ])('reads %j', (fields) => {
    const { firstName, lastName, companyName, phone } = mapFields({ fields });
    expect({ firstName, lastName, companyName, phone }).toEqual({
      firstName: 'Jan',
      lastName: 'Kowalski',
      companyName: 'ACME',
      phone: '1',
    });
  });

  it.each([
    [{ Vorname: 'Uwe', Name: 'Müller' }, 'Uwe', 'Müller'],
    [{ firstname: 'Kari', name: 'kari Nordmann' }, 'Kari', 'Nordmann'],
    [{ firstname: 'Kari', name: 'Kari' }, 'Kari', null],
    [{ etternavn: 'Nordmann', navn: 'Kari Nordmann' }, 'Kari', 'Nordmann'],
    [{ firstname: 'Kari', lastname: 'Nordmann', name: 'Ola Hansen' }, 'Kari', 'Nordmann'],
  ])('completes %j', (fields, firstName, lastName) => {
    expect(mapFields({ fields })).toMatchObject({ firstName, lastName });
  });

  it.each([
    [{ mail: 'b@firma.no', email: 'a@firma.no' }, 'a@firma.no', 'email'],
    [{ email: 'ikke en adresse', mail: 'b@firma.no' }, 'b@firma.no', 'mail'],
    [{ email: 'ikke en adresse' }, 'ikke en adresse', 'email'],
    [{ email: '', _replyto: 'b@firma.no' }, 'b@firma.no', '_replyto'],
    [{ din_jobbmail: 'b@firma.no' }, 'b@firma.no', 'din_jobbmail'],
    [{ din_jobbmail: 'b@firma.no', email: 'feil' }, 'feil', 'email'],
    [{ q1: 'Kari', q2: 'b@firma.no' }, 'b@firma.no', 'q2'],
    [{ q1: 'a@firma.no', q2: 'b@firma.no' }, null, undefined],
    [{ q1: 'a@firma.no', q2: ' A@Firma.no ' }, 'a@firma.no', 'q1'],
    [{ email: '', q2: 'b@firma.no' }, 'b@firma.no', 'q2'],
    [
      { recipient: 'b@firma.no', admin_email: 'c@firma.no', email_to: 'd@firma.no', bcc: 'e@firma.no' },
      null,
      undefined,
    ],
    [{ 'contact[email]': 'b@firma.no', email: 'a@firma.no' }, 'a@firma.no', 'email'],
    [{ postnummer: '0150', comment: 'b@firma.no' }, 'b@firma.no', 'comment'],
    [{ _mail: 'b@firma.no', utm_email: 'b@firma.no', gclid: 'b@firma.no' }, null, undefined],
  ])('takes the address from %j', (fields, email, from) => {
    const lead = mapFields({ fields });
    expect([lead.email, lead.mappedFrom.email]).toEqual([email, from]);
  });

  it.each([
    ['on', true],
    ['ja', true],
    ['Jeg vil ha nyhetsbrev', true],
    ['nei', false],
    ['OFF', false],
    ['0', false],
    [' ', false],
  ])('reads consent %j as %j', (value, consent) => {
    expect(mapFields({ fields: { consent: value } }).consent).toBe(consent);
  });

  it('joins several answers to how they heard of us', () => {
    expect(mapFields({ fields: { how_did_you_hear: ['LinkedIn', ' ', 'En venn'] } }).selfReported).toBe(
      'LinkedIn, En venn',
    );
  });

  it('cleans and cuts', () => {
    const lead = mapFields({ fields: { company: ' A\u0000B\n\tC ', title: 'x'.repeat(300), phone: ['', '22 33'] } });
    expect([lead.companyName, lead.title?.length, lead.phone]).toEqual(['AB C', 255, '22 33']);
  });
});

describe('mapFields and the site itself', () => {
  const isOwnHost = (text: string) => /(?:^|[./@])firma\.no(?:$|\/)/.test(text);

  it('passes over an address of the site', () => {
    const fields = { comment: 'salg@firma.no', q1: 'kari@kunde.no' };
    expect(mapFields({ fields, isOwnHost }).email).toBe('kari@kunde.no');
    expect(mapFields({ fields: { comment: 'salg@firma.no' }, isOwnHost }).email).toBeNull();
    expect(mapFields({ fields: { email: 'salg@firma.no' }, isOwnHost }).email).toBe('salg@firma.no');
  });

  it('reads another field where one repeats the address of the page', () => {
    const fields = { website: 'https://firma.no/kontakt', url: 'kunde.no', company: '-', firma: 'Kunde AS' };
    expect(mapFields({ fields, isOwnHost })).toMatchObject({ companyDomain: 'kunde.no', companyName: 'Kunde AS' });
  });
});

describe('mapFields with a mapping', () => {
  const fields = { email: 'a@firma.no', kontakt: 'b@firma.no', name: 'Firma AS', _hidden: 'x' };

  it('lets it win', () => {
    expect(mapFields({ fields, mapping: { email: 'kontakt' } })).toMatchObject({
      email: 'b@firma.no',
      mappedFrom: { email: 'kontakt' },
    });
  });

  it('lets it win though its field is blank', () => {
    expect(mapFields({ fields: { ...fields, kontakt: ' ' }, mapping: { email: 'kontakt' } }).email).toBeNull();
  });

  it('uses a mapped field for nothing else', () => {
    expect(mapFields({ fields, mapping: { companyName: 'name' } })).toMatchObject({
      companyName: 'Firma AS',
      firstName: null,
      lastName: null,
    });
  });

  it('looks for common names where the mapped field was not sent', () => {
    expect(mapFields({ fields, mapping: { email: 'work' } }).email).toBe('a@firma.no');
  });

  it('does not ask where it says so', () => {
    expect(mapFields({ fields, mapping: { email: '' } }).email).toBeNull();
  });

  it('finds the field whatever its case, reserved names included', () => {
    expect(mapFields({ fields, mapping: { email: 'Kontakt', title: '_hidden' } })).toMatchObject({
      email: 'b@firma.no',
      title: 'x',
    });
  });

  it('ignores unknown targets and inherited names', () => {
    expect(mapFields({ fields: {}, mapping: { nonsense: 'email', toString: 'x' } })).toEqual(nothing);
  });
});

it('answers for any fields', () => {
  const text = fc.string({ unit: 'binary' });
  const name = fc.oneof(
    text,
    fc.constantFrom('email', 'navn', '__proto__', 'constructor', 'toString', 'utm_source', '_replyto', 'consent'),
  );
  const value = fc.oneof(text, fc.array(text));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, value)),
      fc.dictionary(fc.oneof(fc.constantFrom(...leadTargets), name), name),
      (entries, mapping) => {
        const lead = mapFields({ fields: Object.fromEntries(entries), mapping });
        for (const [key, found] of Object.entries(lead)) {
          if (typeof found === 'string')
            expect(found.length <= 255 && found === found.trim() && found.isWellFormed(), key).toBe(true);
        }
      },
    ),
  );
});
