import type { Model } from '../api/scope.ts';

/** Each model has a shape of its own: colour never carries alone. */
export function ModelMark({ model, x, y }: { model: Model; x: number; y: number }) {
  const open = { fill: 'var(--card)', stroke: 'var(--ink)', strokeWidth: 1.5 };
  switch (model) {
    case 'firstTouch': {
      return <circle cx={x} cy={y} r={4} {...open} />;
    }
    case 'leadCreation': {
      return <circle cx={x} cy={y} r={4.5} fill="var(--accent)" stroke="var(--card)" strokeWidth={1} />;
    }
    case 'linear': {
      return <rect x={x - 3.75} y={y - 3.75} width={7.5} height={7.5} {...open} />;
    }
    case 'markov': {
      return <path d={`M${x} ${y - 5}l5 5-5 5-5-5z`} fill="var(--ink)" stroke="var(--card)" strokeWidth={1} />;
    }
    case 'lastTouch': {
      return (
        <g>
          <circle cx={x} cy={y} r={4} {...open} />
          <path d={`M${x} ${y - 4}a4 4 0 0 0 0 8z`} fill="var(--ink)" />
        </g>
      );
    }
    case 'positionBased': {
      return (
        <g>
          <rect x={x - 3.75} y={y - 3.75} width={7.5} height={7.5} {...open} />
          <rect x={x - 3.75} y={y - 3.75} width={3.75} height={7.5} fill="var(--ink)" />
        </g>
      );
    }
    case 'timeDecay': {
      return <path d={`M${x - 4.5} ${y - 3.5}h9l-4.5 8z`} {...open} />;
    }
    case 'shapley': {
      return <path d={`M${x - 4.5} ${y}l2.25-4h4.5l2.25 4-2.25 4h-4.5z`} {...open} />;
    }
  }
}

/** The mark beside its model's name. */
export function MarkIcon({ model }: { model: Model }) {
  return (
    <svg className="mark-icon" width={12} height={12} viewBox="0 0 12 12" aria-hidden="true">
      <ModelMark model={model} x={6} y={6} />
    </svg>
  );
}
