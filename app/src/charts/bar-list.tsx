import type { ReactNode } from 'react';
import { useFact } from '../ui/fact-line.tsx';

export type Bar = { key: string; label: ReactNode; value: number; text: string; sub: string; fact?: ReactNode };

/** Text over a wash as long as its value. Never for rates. Where a bar can be chosen, it is a button that says whether it is. */
export function BarList({
  bars,
  labelledBy,
  chosen,
  onChoose,
}: {
  bars: readonly Bar[];
  labelledBy?: string;
  chosen?: ReadonlySet<string>;
  onChoose?: (key: string) => void;
}) {
  const largest = Math.max(1, ...bars.map(({ value }) => value));
  const factOf = useFact();
  return (
    <ol className="barlist" aria-labelledby={labelledBy}>
      {bars.map(({ key, label, value, text, sub, fact }) => {
        const parts = (
          <>
            <i style={{ width: `${Math.round((value / largest) * 100)}%` }} />
            <span className="cut">{label}</span>
            <span>{text}</span>
            <span className="sub">{sub}</span>
          </>
        );
        return (
          <li key={key} {...(fact === undefined ? {} : factOf(fact))}>
            {onChoose === undefined ? (
              parts
            ) : (
              <button type="button" aria-pressed={chosen?.has(key) ?? false} onClick={() => onChoose(key)}>
                {parts}
              </button>
            )}
          </li>
        );
      })}
    </ol>
  );
}
