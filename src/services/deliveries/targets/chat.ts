import * as z from 'zod';
import { oneLine } from '../../../domain/one-line.ts';
import { notificationTitle } from '../read-notification.ts';
import { reportText } from '../render-report-text.ts';
import { postJson } from '../send-signed.ts';
import { chatFormats } from '../chat-formats/chat-formats.ts';
import type { ChatFormat } from '../chat-formats/chat-formats.ts';
import { defineTarget, shownAddress } from './define-target.ts';
import type { ShapeParts } from './define-target.ts';

/** Rows that a chat shows. */
const maxRows = 10;

const shape = ({ address }: ShapeParts) =>
  z.strictObject({
    kind: z.literal('chat'),
    url: address,
    format: z.enum(Object.keys(chatFormats) as [ChatFormat, ...ChatFormat[]]),
  });

type ChatTarget = z.output<ReturnType<typeof shape>>;

/** The first rows of a report, or the answers of a submission, as a message to a chat's incoming webhook. */
export const chat = defineTarget({
  shape,
  addressOf: ({ url }) => url,
  recipientsOf: () => [],
  show: (target: ChatTarget, viewer) => ({ ...target, url: shownAddress(target.url, viewer) }),
  store: (given) => given,
  secretOf: () => null,
  prepareReport: ({ report, name, language }) => {
    const [title = '', ...lines] = reportText({ answer: report, name, language, maxRows, hasFile: false }).split('\n');
    return { title, lines };
  },
  prepareNotification: (notification) => ({
    title: notificationTitle(notification),
    lines: notification.lines.map(([name, value]) => oneLine(value === '' ? name : `${name}: ${value}`)),
  }),
  send: async (context, { target: { url, format }, message }) =>
    postJson(context, { url, body: JSON.stringify(chatFormats[format](message)) }),
});
