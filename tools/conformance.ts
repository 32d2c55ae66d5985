import './load-tables.ts';
/** Holds the rules of attribution against lists that others published, and prints where we differ and why. */
import { categoryOfSource, findSourceByHost } from '../src/domain/attribution/sources.ts';
import { canonicalize } from '../src/domain/text-values.ts';
import { registrableDomain } from '../src/domain/hosts/registrable-domain.ts';
import { reasonFor } from './conformance-reasons.ts';
import { fieldCases } from '../test/support/field-cases.ts';
import { describeFieldCase, differencesOf, runFieldCase } from '../test/support/run-field-case.ts';
import { hasPublicLists, readHostList, readList, readSearchEngines, readSourceCategories } from './public-lists.ts';

type Case = { what: string; expected: string | null; actual: string | null };
type Suite = { file: string; read: () => Case[] };

// Enough countries to see that a pattern holds as a family, with and without a second level.
const countries = ['com', 'de', 'no', 'se', 'co.uk', 'com.br'];

const suites: Suite[] = [
  { file: 'SearchEngines.yml', read: () => readSearchEngines().map(({ host }) => hostCase(host, 'search')) },
  { file: 'Socials.yml', read: () => readHostList('Socials.yml').map(({ host }) => hostCase(host, 'social')) },
  { file: 'AIAssistants.yml', read: () => readHostList('AIAssistants.yml').map(({ host }) => hostCase(host, 'ai')) },
  {
    file: 'ga4_source_categories.csv',
    read: () =>
      readSourceCategories().map(({ source, category }) => ({
        what: source,
        expected: category,
        actual: categoryOfSource(canonicalize(source)),
      })),
  },
  { file: 'test_psl.txt', read: readSuffixCases },
];

if (runFieldCases() > 0) process.exitCode = 1;
if (hasPublicLists) {
  const failed = suites.map(runSuite);
  if (failed.some((unexplained) => unexplained > 0)) process.exitCode = 1;
} else {
  console.log(`The public lists are missing beside the repository: ${suites.length} suites skipped.`);
}

/** Cases from the field, by their kinds: how many there are, and those that come out otherwise. */
function runFieldCases(): number {
  const kinds = Map.groupBy(fieldCases, ({ kind }) => kind);
  let failed = 0;
  for (const [kind, cases] of kinds) {
    const wrong = cases.flatMap((one) => {
      const { inForce, first, times } = runFieldCase(one);
      const differences = [
        ...differencesOf(inForce, one.want),
        ...(one.firstTouch ? differencesOf(first, one.firstTouch).map((text) => `first touch: ${text}`) : []),
        ...(one.wantTimeOf === undefined || inForce.at === times[one.wantTimeOf] ? [] : ['its time is another']),
      ];
      return differences.length > 0 ? [`${describeFieldCase(one)}: ${differences.join(', ')}`] : [];
    });
    console.log(
      `field cases ${kind}`.padEnd(28) +
        `${String(cases.length).padStart(5)} cases${String(cases.length - wrong.length).padStart(6)} right`,
    );
    for (const text of wrong) console.log(`    ${text}`);
    failed += wrong.length;
  }
  return failed;
}

function runSuite({ file, read }: Suite): number {
  const cases = read();
  const differing = cases.filter(({ expected, actual }) => expected !== actual);
  const agreed = cases.length - differing.length;
  const share = ((100 * agreed) / cases.length).toFixed(1);
  console.log(
    `${file.padEnd(28)}${String(cases.length).padStart(5)} cases${String(agreed).padStart(6)} agreed  ${share} %`,
  );
  let unexplained = 0;
  for (const one of differing) {
    const reason = reasonFor(file, one.what, one.actual);
    if (reason === null) unexplained += 1;
    console.log(`    ${one.what}: ${one.expected ?? 'none'}, here ${one.actual ?? 'none'}: ${reason ?? 'UNEXPLAINED'}`);
  }
  return unexplained;
}

/** A host as a list writes it, a path and a placeholder for a country included, agrees where every host it stands for does. */
function hostCase(listed: string, expected: string): Case {
  const host = listed
    .toLowerCase()
    .replace('android-app//', '')
    .replace(/\/.*$/, '')
    .replace(/^www\./, '');
  const hosts = host.includes('{}') ? countries.map((country) => host.replaceAll('{}', country)) : [host];
  const actual = hosts.map((one) => findSourceByHost(one)?.category ?? null);
  return { what: listed, expected, actual: actual.find((category) => category !== expected) ?? actual[0] ?? null };
}

/** `checkPublicSuffix('b.example.com', 'example.com');` and `null` for none, on either side. */
function readSuffixCases(): Case[] {
  return [...readList('test_psl.txt').matchAll(/^checkPublicSuffix\((?:null|'(.*)'), (?:null|'(.*)')\);/gm)].map(
    ([, host, domain]) => {
      const expected = domain === undefined ? null : toAscii(domain);
      return { what: host ?? 'null', expected, actual: host === undefined ? null : registrableDomain(host) };
    },
  );
}

/** Registrable domains are answered in ASCII; the list has both spellings. */
function toAscii(domain: string): string {
  return new URL(`https://${domain}`).hostname;
}
