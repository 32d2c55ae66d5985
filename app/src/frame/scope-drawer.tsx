import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { m } from '../paraglide/messages.js';
import { ScopePanel } from './scope-panel.tsx';

/** The scope panel of a phone: a sheet from below. */
export function ScopeDrawer({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const isPhone = useMediaQuery('(max-width: 720px)');
  return (
    <Drawer
      opened={isOpen && isPhone}
      onClose={onClose}
      position="bottom"
      size="88vh"
      padding={0}
      classNames={{ content: 'sheet', header: 'sheet-head' }}
      title={m.scope_title()}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <ScopePanel />
    </Drawer>
  );
}
