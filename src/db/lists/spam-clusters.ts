import { sql } from 'drizzle-orm';
import { spamFeatures } from '../../domain/capture/spam-features.ts';
import { spamCluster } from '../schema/spam.ts';
import { defineList, listField } from './declare-list.ts';

export const spamClusterList = defineList({
  name: 'spam-clusters',
  from: sql`${spamCluster}`,
  key: spamCluster.id,
  fields: [
    listField.id(spamCluster.id),
    listField.choices('by', ['Have in common', 'Har felles'], spamCluster.by, spamFeatures),
    listField.moment('at', ['Time', 'Tidspunkt'], spamCluster.at),
    listField.number('people', ['People', 'Personer'], spamCluster.people),
    listField.number('companies', ['Companies', 'Firmaer'], spamCluster.companies),
    listField.moment('undoneAt', ['Undone', 'Angret'], spamCluster.undoneAt),
  ],
  moment: 'at',
  sort: '-at',
});
