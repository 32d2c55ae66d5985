import { slack } from './slack.ts';

/** Google Chat takes the text that Slack takes. Source: https://developers.google.com/workspace/chat/format-messages */
export const googleChat = slack;
