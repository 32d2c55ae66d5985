import type { Group } from '../api/report.ts';
import { m } from '../paraglide/messages.js';
import { formatPercent, formatTimes } from './format.ts';

/** "newsletter / email"; an unknown value is `(direct)` or the like. */
export function groupName(group: Group): string {
  const values = Object.values(group).map((value) => value ?? m.value_unknown());
  return values.every((value) => value === m.value_unknown()) ? m.value_unknown() : values.join(' / ');
}

export function sameGroup(a: Group, b: Group): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** "30 % more often than the rest"; from 100 % on as times. */
export function upliftText(uplift: number): string {
  if (uplift >= 1) return m.often_times({ times: formatTimes(uplift + 1).replace(/.×$/, '') });
  const percent = formatPercent(Math.abs(uplift), 0);
  return uplift >= 0 ? m.often_more({ percent }) : m.often_less({ percent });
}
