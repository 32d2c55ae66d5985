import { sql } from 'drizzle-orm';
import { companyMerge } from '../schema/people.ts';
import { defineList, listField } from './declare-list.ts';

export const companyMergeList = defineList({
  name: 'companies/merges',
  from: sql`${companyMerge}`,
  key: companyMerge.id,
  fields: [
    listField.id(companyMerge.id),
    listField.idOf('company', ['Company', 'Firma'], companyMerge.companyId),
    listField.idOf('removedCompany', ['Removed company', 'Fjernet firma'], companyMerge.removedCompanyId),
    listField.moment('at', ['Time', 'Tidspunkt'], companyMerge.at),
    listField.moment('undoneAt', ['Undone', 'Angret'], companyMerge.undoneAt),
  ],
  moment: 'at',
  sort: '-at',
});
