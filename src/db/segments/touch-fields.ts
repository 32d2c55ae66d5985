import { fieldsOf, ofRecord, personOf, pointFields, pointsOf } from './declare.ts';
import type { Field } from './declare.ts';
import { id, plainText } from './stored.ts';

const field = fieldsOf('touch');

export const touchPoints = pointsOf('touch', [
  {
    prefix: '',
    label: ['', ''],
    point: (t) => ({ personId: t.personId, originId: t.originId, at: t.at, landingPageId: t.landingPageId }),
  },
]);

export const touchFields: Field[] = [
  field('id', 'reference', ['Id', 'ID'], (t) => id(t.id, { notNull: true })),
  field('person', 'reference', ['Person', 'Person'], (t, context) => personOf(t.personId, context), ofRecord),
  ...touchPoints.flatMap((point) => pointFields('touch', point)),
  field('clickId', 'text', ['Click id', 'Klikk-ID'], (t) => plainText(t.clickIdName), { groupable: true }),
];
