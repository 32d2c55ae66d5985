import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { BarList } from '../../charts/bar-list.tsx';
import { m } from '../../paraglide/messages.js';
import { conditionsOf } from '../find/criteria.ts';
import type { All, Any } from '../find/criteria.ts';
import type { Field } from '../find/fields.ts';
import { valueName } from '../find/words.ts';
import { formatCount } from '../format.ts';
import { chosenValues, withoutField } from './list-address.ts';
import type { RecordsKind } from './records-kind.ts';

/** How many fit, and how they fall on the values of one field. A bar filters by its value; the others stay, so that one can go on to the next. */
export function Split({
  kind,
  count,
  asked,
  fields,
  onChoose,
}: {
  kind: RecordsKind;
  /** Null until it is known. */
  count: number | null;
  asked: All | Any;
  fields: readonly Field[];
  onChoose: (field: string, value: string) => void;
}) {
  const { splitBy } = kind;
  const field = fields.find(({ name }) => name === splitBy?.field);
  const values = field?.values ?? [];
  const others = field === undefined ? asked : withoutField(asked, field.name);
  const hasOthers = conditionsOf(others).length > 0;
  const split = useQuery({
    queryKey: ['find-split', kind.entity, field?.name, others],
    enabled: values.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const any = values.map(({ value }) => ({ field: field!.name, op: 'equals', value }));
      const where = { all: [...(hasOthers ? [others] : []), { any }] };
      const { data } = await kilde().POST('/api/v1/segments/counts', {
        body: { entity: kind.entity, where } as never,
        signal,
      });
      return (data as unknown as { counts: Array<{ location: string; count: number | null }> }).counts;
    },
  });
  const prefix = hasOthers ? 'where.all[1].any' : 'where.all[0].any';
  const bars = values.flatMap(({ value }, place) => {
    const counted = split.data?.find(({ location }) => location === `${prefix}[${place}]`)?.count;
    if (counted == null) return [];
    return [{ key: value, label: valueName(value, field), value: counted, text: formatCount(counted), sub: '' }];
  });
  return (
    <>
      <p>
        <b className="figure">{count === null ? '…' : formatCount(count)}</b>{' '}
        <span className="soft small">{kind.title().toLowerCase()}</span>
      </p>
      {bars.length === 0 || field === undefined ? null : (
        <>
          <h3 className="above" id="split-by">
            {splitBy!.label()}
          </h3>
          <BarList
            bars={bars}
            labelledBy="split-by"
            chosen={chosenValues(asked, field.name)}
            onChoose={(value) => onChoose(field.name, value)}
          />
          <p className="mini">{m.find_split_hint()}</p>
        </>
      )}
    </>
  );
}
