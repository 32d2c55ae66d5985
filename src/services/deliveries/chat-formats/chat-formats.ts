import type { ChatMessage } from './chat-message.ts';
import { discord } from './discord.ts';
import { googleChat } from './google-chat.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';

/** What the incoming webhook of each chat takes. */
export const chatFormats = { slack, teams, googleChat, discord } as const satisfies Record<
  string,
  (message: ChatMessage) => object
>;
export type ChatFormat = keyof typeof chatFormats;
