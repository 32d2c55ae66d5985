import { recordOf } from '../record-of.ts';
import { originFields, sentFields, utmFields } from './origin-fields.ts';
import type { OriginField } from './origin-fields.ts';
import type { Utm } from './types.ts';

/**
 * What the edge needs of the record of origin fields. The build (tools/build.ts) works these out and writes them into the Worker, so that
 * the edge carries lists of names and not the record. Every export is therefore plain data.
 */

export { detailFields, linkFields, linkMembers, sentFields, utmFields } from './origin-fields.ts';

export const parameters = recordOf(utmFields, (field) => originFields[field].parameter);

export const noUtm: Readonly<Utm> = recordOf(utmFields, () => null);

const isPlaced = (field: OriginField): boolean => originFields[field].packed === 'place';
export const placedUtm = utmFields.filter(isPlaced);
export const pairedUtm = utmFields.filter((field) => !isPlaced(field));
/** The fields that an origin's key begins with, after its site. */
export const keyFields = sentFields.filter(isPlaced);

/** Utm values that say where a visitor came from. */
export const knownBy = utmFields.filter((field) => originFields[field].says === 'origin');
