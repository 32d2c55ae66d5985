import { recordOf } from '../record-of.ts';
import type { Label } from '../segments/fields.ts';

/** What has to be known of a field of an origin. */
export type OriginFieldDeclaration = {
  /** What the API calls it: in touches, costs, corrections, reports and lists. */
  name: string;
  label: Label;
  /** The parameter of an address that carries it. */
  parameter: `${'utm' | 'kilde'}_${string}` | null;
  /** The column of `origin` that holds its `origin_value`. */
  column: `${string}_id`;
  /**
   * How stored lists hold it (journey cookie, counted visit, key of an origin): at its `place`, in the order of this record, as the
   * fields of the first format do; as a `pair` of parameter and value at the end, as every later field does, so that older lists
   * stay readable.
   */
  packed: 'place' | 'pair' | null;
  /**
   * Whether it says where a visitor came from, or only what they clicked on, which never replaces a known origin. Null of a field
   * that is worked out from the others. Those that say something can be corrected, and a cost can have them.
   */
  says: 'origin' | 'detail' | null;
  /** Whether the default channel rules go by it. */
  decidesChannel: boolean;
  /** Whether groups of origins have it, which reports add up by. Its column has an index. */
  isGrouped: boolean;
  /** What it is called on a tagged link. A link is found by the places of an origin's key: a `pair` cannot be on one. */
} & ({ packed: 'place'; link: string | null } | { packed: 'pair' | null; link: null });

/**
 * The fields of an origin. Types, addresses, the cookie, columns, API shapes, list fields and report dimensions derive from this record;
 * see "How to add an origin field" in ARCHITECTURE.md. Its order is that of stored lists and of reports.
 */
export const originFields = {
  channel: {
    name: 'channel',
    label: { en: 'channel', no: 'kanal' },
    parameter: null,
    column: 'channel_id',
    packed: null,
    says: null,
    decidesChannel: false,
    isGrouped: true,
    link: null,
  },
  source: {
    name: 'source',
    label: { en: 'source', no: 'kilde' },
    parameter: 'utm_source',
    column: 'source_id',
    packed: 'place',
    says: 'origin',
    decidesChannel: true,
    isGrouped: true,
    link: 'source',
  },
  medium: {
    name: 'medium',
    label: { en: 'medium', no: 'medium' },
    parameter: 'utm_medium',
    column: 'medium_id',
    packed: 'place',
    says: 'origin',
    decidesChannel: true,
    isGrouped: true,
    link: 'medium',
  },
  campaign: {
    name: 'campaign',
    label: { en: 'campaign', no: 'kampanje' },
    parameter: 'utm_campaign',
    column: 'campaign_id',
    packed: 'place',
    says: 'detail',
    decidesChannel: true,
    isGrouped: true,
    link: 'campaign',
  },
  term: {
    name: 'term',
    label: { en: 'term', no: 'søkeord' },
    parameter: 'utm_term',
    column: 'term_id',
    packed: 'place',
    says: 'detail',
    decidesChannel: false,
    isGrouped: false,
    link: 'term',
  },
  content: {
    name: 'content',
    label: { en: 'content', no: 'innhold' },
    parameter: 'utm_content',
    column: 'content_id',
    packed: 'place',
    says: 'detail',
    decidesChannel: false,
    isGrouped: false,
    link: 'content',
  },
  id: {
    name: 'utmId',
    label: { en: 'campaign id', no: 'kampanje-ID' },
    parameter: 'utm_id',
    column: 'utm_id_id',
    packed: 'place',
    says: 'detail',
    decidesChannel: false,
    isGrouped: false,
    link: 'utmId',
  },
  referrerDomain: {
    name: 'referrerDomain',
    label: { en: 'referring domain', no: 'henvisende domene' },
    parameter: null,
    column: 'referrer_domain_id',
    packed: 'place',
    says: 'origin',
    decidesChannel: true,
    isGrouped: true,
    link: null,
  },
  /** Where a tagged link stood: `?p=` of its short address, which leads on with this parameter. No other tool sets it. */
  placement: {
    name: 'placement',
    label: { en: 'placement', no: 'plassering' },
    parameter: 'kilde_placement',
    column: 'placement_id',
    packed: 'pair',
    says: 'detail',
    decidesChannel: false,
    isGrouped: false,
    link: null,
  },
} as const satisfies Record<string, OriginFieldDeclaration>;

export type Declared = typeof originFields;
export type OriginField = keyof Declared;

/** The fields whose declaration has a value of this type there. */
type FieldsWhere<Member extends keyof OriginFieldDeclaration, Value> = {
  [Field in OriginField]: Declared[Field][Member] extends Value ? Field : never;
}[OriginField];

/** Fields that a parameter of an address carries. */
export type UtmField = FieldsWhere<'parameter', string>;
/** Fields that are not worked out from others. */
export type SentField = FieldsWhere<'says', string>;
export type LinkField = FieldsWhere<'link', string>;
export type GroupField = FieldsWhere<'isGrouped', true>;

/** What a value is called on a tagged link. */
export type LinkMember = Declared[LinkField]['link'];

export const allFields = Object.keys(originFields) as OriginField[];
export const utmFields = allFields.filter((field): field is UtmField => originFields[field].parameter !== null);
export const sentFields = allFields.filter((field): field is SentField => originFields[field].says !== null);
export const groupFields = allFields.filter((field): field is GroupField => originFields[field].isGrouped);
export const linkFields = allFields.filter((field): field is LinkField => originFields[field].link !== null);
/** Utm values of which the channel rules only ask whether there is any. */
export const detailFields = utmFields.filter((field) => !originFields[field].decidesChannel);
/** What a value is called on a tagged link. */
export const linkMembers = recordOf(linkFields, (field) => originFields[field].link);
