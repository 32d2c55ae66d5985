import { Modal } from '@mantine/core';
import { Fragment } from 'react';
import { m } from '../paraglide/messages.js';
import { screens } from './screens.ts';

/** The keys of this screen. */
export function Help({ onClose, hasScope }: { onClose: () => void; hasScope: boolean }) {
  const rows: Array<[keys: string[], does: string]> = [
    [['Ctrl K', '/'], m.keys_search()],
    ...(hasScope ? [[['.', '1 … 0'], m.keys_scope()] as [string[], string]] : []),
    [['↑ ↓ ← →'], m.keys_move()],
    [['↵'], m.keys_open()],
    [['J', 'K'], m.keys_walk()],
    [['E'], m.keys_edit()],
    [['Esc'], m.keys_close()],
    [['?'], m.keys_help()],
  ];
  return (
    <Modal
      opened
      onClose={onClose}
      title={<h2>{m.keys_title()}</h2>}
      size="lg"
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <div className="stack">
        <dl className="keys">
          {rows.map(([keys, does]) => (
            <Fragment key={does}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </Fragment>
          ))}
        </dl>
        <h3>{m.keys_go()}</h3>
        <dl className="keys pairs">
          {screens.map(({ key, label }) => (
            <Fragment key={key}>
              <dt>
                <kbd>G</kbd>
                <kbd>{key.toUpperCase()}</kbd>
              </dt>
              <dd>{label()}</dd>
            </Fragment>
          ))}
        </dl>
        <p className="mini">{m.keys_off()}</p>
      </div>
    </Modal>
  );
}
