import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { m } from '../../paraglide/messages.js';
import { saveFile } from '../../ui/records/save-file.ts';
import { Answer } from '../../ui/states.tsx';
import { qrQuery } from './queries.ts';
import type { Link } from './queries.ts';

const pngPx = 1_000;

function imageOf(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The code as pixels: the drawing of the API, on a canvas of its size. */
async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = imageOf(svg.replace('<svg ', `<svg width="${pngPx}" height="${pngPx}" `));
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = pngPx;
  canvas.height = pngPx;
  canvas.getContext('2d')!.drawImage(image, 0, 0, pngPx, pngPx);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('No image was made.')) : resolve(blob)), 'image/png');
  });
}

/** The QR code of a link, or of one of its places, to download as SVG and PNG. */
export function QrDialog({ link, onClose }: { link: Link; onClose: () => void }) {
  const [place, setPlace] = useState('');
  const asked = useQuery(qrQuery({ id: link.id, place: place || null }));
  const name = [link.slug, place].filter(Boolean).join('-');
  return (
    <Modal
      opened
      onClose={onClose}
      title={m.links_qr_title({ slug: link.slug })}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <div className="stack">
        {link.placements.length === 0 ? null : (
          <label className="field">
            {m.links_place()}
            <select className="select" value={place} onChange={({ target }) => setPlace(target.value)}>
              <option value="">{m.links_no_place()}</option>
              {link.placements.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <Answer asked={asked} height={220}>
          {(svg) => (
            <>
              <img className="qr" src={imageOf(svg)} alt={m.links_qr_of({ address: addressOf(link, place) })} />
              <p className="mono cut">{addressOf(link, place)}</p>
              <div className="row">
                <button
                  type="button"
                  className="btn"
                  onClick={() => saveFile({ name: `${name}.svg`, content: new Blob([svg], { type: 'image/svg+xml' }) })}
                >
                  SVG
                </button>
                <button
                  type="button"
                  className="btn"
                  onClick={() => void pngOf(svg).then((content) => saveFile({ name: `${name}.png`, content }))}
                >
                  PNG
                </button>
              </div>
            </>
          )}
        </Answer>
      </div>
    </Modal>
  );
}

function addressOf({ shortUrl }: Link, place: string): string {
  return place === '' ? shortUrl : `${shortUrl}?p=${encodeURIComponent(place)}`;
}
