import type { Utm } from './types.ts';
import { canonicalize } from '../text-values.ts';

/** Text that a template left behind because nothing replaced it, in the notations of ad platforms and mail tools. */
const macros = [
  String.raw`[$#@]?\{+[^{}]*\}*`, // {x} {{x}} ${x} #{x}
  String.raw`[$@]\([^()]*\)`,
  String.raw`%%[^%]*%%`,
  String.raw`%(?:[a-z_][\w.]*%|(?=\{))`, // %x%, %{x}
  String.raw`<[^<>]*>`,
  String.raw`\[\[[^[\]]*\]\]`,
  String.raw`\[(?:object \w*|[%#@$][^[\]]*|[^[\]]*(?:\butm_|clid\b|=["'])[^[\]]*|)\]`, // [gclid], [get utm_source], [x key="y"], []
  String.raw`""|''`,
  String.raw`[$#@~|]+!?(?:utm_[a-z]+|[a-z]{1,3}clid)(?![a-z0-9])`, // $gclid, ##utm_source##
  String.raw`\*\|[^|]*\|\*`,
  String.raw`__[a-z0-9_]+__`,
];

/** Words that programs write where they have nothing. GA4 writes those in brackets. */
const words = [
  'null',
  'undefined',
  'undef',
  'none',
  'nil',
  'nan',
  'false',
  'unknown',
  'unset',
  'n/a',
  'n\\.a\\.',
  'no[ _-]?(?:value|data)',
  'not[ _-]?(?:set|provided|available|applicable|defined)',
  'utm_(?:source|medium|campaign|term|content|id)',
  '\\((?:direct|other|empty|data (?:deleted|not available))\\)',
];

/** Taken away one after the other, so that no text makes the expression try one part in several ways. */
const nothing = new RegExp(`${macros.join('|')}|(?:${words.join('|')})(?![a-z0-9\\u0080-\\uffff])`, 'g');
/** What may stand between and around them: `"null"`, `(null)`, `undefined|undefined`. */
const separators = /^[\s|/\\,;:.+_()[\]"'#!@~$-]*$/;
/** Such a value begins with one of these, which nearly no other does. */
const mayBegin = /^[^a-z0-9\u0080-\uffff]|^[dfnu]/;

/**
 * Is this text no value: what scripts and templates write when they have nothing (`null`, `(not set)`, `{{campaign.name}}`)? The one
 * rule for URLs, hidden fields, utm and click ids alike.
 */
export function isPlaceholder(value: string): boolean {
  const text = canonicalize(value);
  if (!mayBegin.test(text)) return false;
  // A macro that was encoded twice: `%7B%7Bad.id%7D%7D`.
  const written = text.replace(/%(7b|7d|3c|3e|20|25)/g, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const left = written.replace(nothing, '');
  return left !== written && separators.test(left);
}

const direct = /^\s*\(?direct\)?(?:[\s_-]+traffic)?(?:\s*[|/]\s*\(?none\)?)?\s*$/i;

/** The values that say something. The same object where all do. */
export function meaningOf(utm: Utm): Utm {
  let meant = utm;
  for (const field in utm) {
    const value = utm[field as keyof Utm];
    if (value === null || !isPlaceholder(value)) continue;
    if (meant === utm) meant = { ...utm };
    meant[field as keyof Utm] = null;
  }
  // GA4's `(direct)` / `(none)` that has lost its brackets. `direct / email` is something else.
  const isDirect = utm.source !== null && direct.test(utm.source);
  if (!isDirect || (meant.medium !== null && !direct.test(meant.medium))) return meant;
  return meant.source === null && meant.medium === null ? meant : { ...meant, source: null, medium: null };
}
