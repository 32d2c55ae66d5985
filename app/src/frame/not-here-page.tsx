import { Link } from '@tanstack/react-router';
import { m } from '../paraglide/messages.js';
import { Page } from '../ui/page.tsx';
import { Empty } from '../ui/states.tsx';

/** An address that no screen has, or not yet. */
export function NotHerePage() {
  return (
    <Page title={m.not_here_title()}>
      <section className="panel">
        <Empty
          title={m.not_here_head()}
          actions={
            <Link className="btn primary" to="/overview">
              {m.not_here_go()}
            </Link>
          }
        >
          {m.not_here_text()}
        </Empty>
      </section>
    </Page>
  );
}
