import type { ReactNode } from 'react';
import { useFact } from '../ui/fact-line.tsx';

export type Bar = { key: string; label: ReactNode; value: number; text: string; sub: string; fact?: ReactNode };

/** Text over a wash as long as its value. Never for rates. */
export function BarList({ bars }: { bars: readonly Bar[] }) {
  const largest = Math.max(1, ...bars.map(({ value }) => value));
  const factOf = useFact();
  return (
    <ol className="barlist">
      {bars.map(({ key, label, value, text, sub, fact }) => (
        <li key={key} {...(fact === undefined ? {} : factOf(fact))}>
          <i style={{ width: `${Math.round((value / largest) * 100)}%` }} />
          <span className="cut">{label}</span>
          <span>{text}</span>
          <span className="sub">{sub}</span>
        </li>
      ))}
    </ol>
  );
}
