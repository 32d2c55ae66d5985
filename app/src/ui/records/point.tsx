import type { ReactNode } from 'react';

/** One of a record's points: its name, since when, the origin, and what else is known. */
export function Point({
  name,
  note,
  isFrozen = false,
  origin,
  onOpen,
  facts = [],
  more = [],
}: {
  name: string;
  note?: ReactNode;
  /** Whether capture can never change it. */
  isFrozen?: boolean;
  /** Two words, or why there is none. */
  origin: ReactNode;
  /** Leads to the touch in the journey. */
  onOpen?: (() => void) | undefined;
  facts?: ReactNode[];
  /** Left out on a phone. */
  more?: ReactNode[];
}) {
  return (
    <section>
      <h3>
        {name}
        {note === undefined ? null : (
          <span>
            {isFrozen ? <Lock /> : null}
            {note}
          </span>
        )}
      </h3>
      <p className="o">
        {onOpen === undefined ? (
          origin
        ) : (
          <button type="button" className="link under" onClick={onOpen}>
            {origin}
          </button>
        )}
      </p>
      {facts.map((fact, place) => (
        <p key={`fact-${place}`} className="mini">
          {fact}
        </p>
      ))}
      {more.map((fact, place) => (
        <p key={`more-${place}`} className="mini more">
          {fact}
        </p>
      ))}
    </section>
  );
}

function Lock() {
  return (
    <svg
      className="icon"
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M3.5 6.5h7v5h-7zM5 6.5V4.5a2 2 0 0 1 4 0v2" />
    </svg>
  );
}
