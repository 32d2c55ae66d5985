import { fieldsOf, pointFields } from './declare.ts';
import type { Field } from './declare.ts';
import { id, plainText } from './stored.ts';

const field = fieldsOf('touch');

export const touchFields: Field[] = [
  field('id', 'reference', ['Id', 'ID'], (t) => id(t.id, { notNull: true })),
  field('personId', 'reference', ['Person id', 'Person-ID'], (t) => id(t.personId, { notNull: true })),
  ...pointFields('touch', {
    prefix: '',
    label: ['', ''],
    point: (t) => ({ originId: t.originId, at: t.at, landingPageId: t.landingPageId }),
  }),
  field('clickId', 'text', ['Click id', 'Klikk-ID'], (t) => plainText(t.clickIdName), { groupable: true }),
];
