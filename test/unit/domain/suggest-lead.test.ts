import { describe, expect, it } from 'vitest';
import { chooseLead } from '../../../src/domain/deals/suggest-lead.ts';
import type { FoundBy, FoundLead } from '../../../src/domain/deals/suggest-lead.ts';

type Named = { id: string; name: string };
type Found = FoundLead<Named, Named>;
const named = (id: string | null): Named | null => (id === null ? null : { id, name: `Firma ${id} AS` });
const deal = { name: null, email: 'kari.nordmann@firma.com' };
const found = (foundBy: FoundBy, company: string | null, person: string | null = null): Found => ({
  foundBy,
  company: named(company),
  person: named(person),
});
const choose = (all: Found[], of: Parameters<typeof chooseLead>[1] = deal) => {
  const { suggestion, refused } = chooseLead(all, of);
  const ids = ({ person, company, reasons }: typeof suggestion & object) => ({
    company: company?.id ?? null,
    person: person?.id ?? null,
    reasons,
  });
  return { suggestion: suggestion && ids(suggestion), refused: refused.map(ids) };
};

describe('the likeliest lead', () => {
  it('is the only one, with its person where that is one alone', () => {
    expect(choose([found('nameBeginsAlike', '1', '7')])).toEqual({
      suggestion: { company: '1', person: '7', reasons: ['nameBeginsAlike'] },
      refused: [],
    });
    expect(choose([])).toEqual({ suggestion: null, refused: [] });
  });

  it('has more that speaks for it than all others', () => {
    const all = [
      found('nameBeginsAlike', '1'),
      found('sameCompanyName', '2', '5'),
      found('otherDomain', '2', '5'),
      found('sameAddressName', '2', '8'),
    ];
    expect(choose(all).suggestion).toEqual({
      company: '2',
      person: '8',
      reasons: ['sameCompanyName', 'otherDomain', 'sameAddressName'],
    });
  });

  it.each([
    [found('nameBeginsAlike', '1'), found('nameBeginsAlike', '2')],
    [found('sameCompanyName', '1'), found('nameBeginsAlike', '2')],
    [found('sameAddressName', null, '1'), found('sameAddressName', null, '2')],
  ])('is nobody among near ties', (...all) => {
    const { suggestion, refused } = choose(all);
    expect([suggestion, refused.length]).toEqual([null, 2]);
  });

  it('leaves out who is far from the tie', () => {
    const all = ['1', '2'].flatMap((id) => [found('sameCompanyName', id), found('otherDomain', id)]);
    expect(choose([...all, found('nameBeginsAlike', '3')]).refused.map(({ company }) => company)).toEqual(['1', '2']);
  });

  it('is named in the deal by a whole part of its name, without the legal form', () => {
    const reasons = (name: string) => choose([found('nameInDeal', '1')], { name, email: null }).suggestion?.reasons;
    for (const name of ['Firma 1 – plan for 80 users', 'Plan: Firma 1 AS', 'FIRMA 1']) {
      expect([name, reasons(name)]).toEqual([name, ['sameCompanyName']]);
    }
    for (const name of ['Firma 12 – plan', 'Firma 1 and more', 'Plan'])
      expect([name, reasons(name)]).toEqual([name, undefined]);
  });

  it('is nobody by an address that many share', () => {
    for (const email of ['innkjop@firma.com', '12345@firma.com', null]) {
      expect(choose([found('sameAddressName', '1', '2')], { name: null, email }).suggestion).toBeNull();
    }
  });
});
