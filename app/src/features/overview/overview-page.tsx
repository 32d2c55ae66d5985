import { m } from '../../paraglide/messages.js';
import { Page } from '../../ui/page.tsx';

export function OverviewPage() {
  return <Page title={m.nav_overview()}>{null}</Page>;
}
