import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { m } from '../paraglide/messages.js';
import { Failure } from '../ui/states.tsx';

/** A screen that could not be shown: why, and another try. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <main id="main" tabIndex={-1}>
      <section className="panel">
        <Failure
          error={error instanceof Error ? error : new Error(String(error))}
          what={m.error_screen()}
          onRetry={retry}
        />
      </section>
    </main>
  );
}
