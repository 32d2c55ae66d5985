import type { ReactNode } from 'react';

/** A card with a head. The fact line, if any, stands at its foot; a panel never stands in another. */
export function Panel({
  title,
  before,
  label,
  actions,
  fact,
  className = '',
  isBusy = false,
  children,
}: {
  title?: ReactNode;
  /** In front of the title. */
  before?: ReactNode;
  /** The name where no title is shown. */
  label?: string;
  actions?: ReactNode;
  fact?: ReactNode;
  className?: string;
  /** Whether new numbers are on their way: the old ones stay, dimmed. */
  isBusy?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={`panel ${className}`} aria-label={label} aria-busy={isBusy}>
      {title === undefined ? null : (
        <header>
          {before}
          <h2>{title}</h2>
          {actions}
        </header>
      )}
      <div className={isBusy ? 'dim' : undefined}>{children}</div>
      {fact}
    </section>
  );
}
