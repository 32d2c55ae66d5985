import { codeBlock, plainTitle } from './chat-message.ts';
import type { ChatMessage } from './chat-message.ts';

/** Source: https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const discord = ({ title, lines }: ChatMessage): object => ({
  content: `**${plainTitle(title)}**\n${codeBlock(lines).slice(0, 1_800)}`,
  allowed_mentions: { parse: [] },
});
