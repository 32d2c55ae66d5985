import { getTableConfig } from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import { fields } from '../../../src/db/segments/fields.ts';
import { orders } from '../../../src/db/segments/select.ts';
import { isWeakBeside, mayHoldForMany, triesFor } from '../../../src/db/segments/selectivity.ts';
import { tables } from '../../../src/db/segments/stored.ts';
import type { Criteria } from '../../../src/domain/segments/criteria.ts';
import type { Entity, QueryEntity } from '../../../src/domain/segments/fields.ts';

const indexesOf = (entity: Entity): string[] =>
  getTableConfig(tables[entity]).indexes.map((index) => index.config.name);
const is = (field: string, op: string, value?: unknown) => ({ field, op, value }) as Criteria;

describe('what fields declare for the compiler', () => {
  it('names only indexes that their own table has', () => {
    const planned = Object.values(fields)
      .flat()
      .filter(({ plan }) => plan.index !== null);
    expect(planned.length).toBeGreaterThan(10);
    for (const { entity, plan } of planned) expect(indexesOf(entity)).toContain(plan.index);
  });

  it('names only indexes that exist for the orders in which records are tried', () => {
    for (const [entity, order] of Object.entries(orders)) {
      expect(indexesOf(entity as QueryEntity)).toEqual(
        expect.arrayContaining([order.index, order.indexOfValue].filter((name) => name !== undefined)),
      );
    }
  });

  it('gives no order of people by an index of companies', () => {
    const ofCompany = fields.person.filter(({ name }) => name.startsWith('company.'));
    expect(ofCompany.length).toBeGreaterThan(10);
    for (const { plan } of ofCompany) expect(plan).toMatchObject({ index: null, order: null, isCountedByIndex: false });
  });
});

describe('what follows from it', () => {
  it('prefers a narrow condition to a broad one beside it', () => {
    const both = [is('leadStatus', 'equals', 'Open'), is('email', 'equals', 'kari@firma.no')];
    expect(isWeakBeside(both[0]!, both, 'person')).toBe(true);
    expect(isWeakBeside(both[1]!, both, 'person')).toBe(false);
    const broadOnly = [is('leadStatus', 'equals', 'Open'), is('firstTouch.channel', 'equals', 'Direct')];
    expect(isWeakBeside(broadOnly[0]!, broadOnly, 'person')).toBe(false);
    // The beginning of a form's own answer has no index.
    const answers = [is('touch.channel', 'equals', 'Direct'), is('fields.interest', 'startsWith', 'a')];
    expect(isWeakBeside(answers[0]!, answers, 'submission')).toBe(false);
  });

  it('tries the first records where an index does not give few', () => {
    expect(mayHoldForMany(is('firstTouch.channel', 'equals', 'Direct'), 'person')).toBe(true);
    expect(mayHoldForMany(is('email', 'equals', 'kari@firma.no'), 'person')).toBe(false);
    expect(mayHoldForMany(is('firstTouch.source', 'equals', 'linkedin'), 'person')).toBe(false);
    expect(mayHoldForMany(is('company.companySource.firstTouch.source', 'equals', 'linkedin'), 'person')).toBe(true);
  });

  it('tries fewer where an index has the order as well', () => {
    expect(triesFor(is('leadStatus', 'equals', 'Open'), 'person')).toBe(8);
    expect(triesFor(is('country', 'equals', 'NO'), 'person')).toBe(64);
  });
});
