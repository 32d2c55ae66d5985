import { Modal } from '@mantine/core';
import { m } from '../../paraglide/messages.js';
import { CopyLink } from '../../ui/copy-link.tsx';
import { formatMoment } from '../../ui/format.ts';

/** A one-time link that was just made. */
export type MadeLink = { title: string; about: string; url: string; expiresAt: string };

/** Shows a one-time link to copy: it is shown this once. */
export function LinkDialog({
  link: { title, about, url, expiresAt },
  onClose,
}: {
  link: MadeLink;
  onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': m.close() }}>
      <div className="stack">
        <p>{about}</p>
        <input
          className="input mono"
          aria-label={m.link_address()}
          value={url}
          readOnly
          onFocus={({ target }) => target.select()}
        />
        <p className="mini">{m.link_once({ until: formatMoment(expiresAt) })}</p>
        <div className="row">
          <CopyLink url={url} />
          <button type="button" className="btn sm" onClick={onClose}>
            {m.close()}
          </button>
        </div>
      </div>
    </Modal>
  );
}
