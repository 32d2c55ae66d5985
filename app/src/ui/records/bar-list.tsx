import { formatCount } from '../format.ts';

/** Counts as text over bars of their size. Never for rates. */
export function BarList({ label, bars }: { label: string; bars: Array<{ id: string; name: string; count: number }> }) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <>
      <h3 className="above">{label}</h3>
      <ul className="barlist two">
        {bars.map(({ id, name, count }) => (
          <li key={id}>
            <i style={{ width: `${(count / most) * 100}%` }} />
            <span>{name}</span>
            <span>{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
