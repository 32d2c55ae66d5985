import { codeBlock, escapeMarkup, plainTitle } from './chat-message.ts';
import type { ChatMessage } from './chat-message.ts';

/** Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack = ({ title, lines }: ChatMessage): object => ({
  text: `*${plainTitle(title)}*\n${escapeMarkup(codeBlock(lines))}`,
});
