import type { ChatMessage } from './chat-message.ts';

type TextRun = { text: string; weight?: string; size?: string; fontType?: string };

// Not TextBlock: it reads Markdown, and a visitor could name a source `[click](https://…)`.
const richText = (run: TextRun): object => ({
  type: 'RichTextBlock',
  spacing: 'Small',
  inlines: [{ type: 'TextRun', ...run }],
});

/** An Adaptive Card. Source: https://adaptivecards.io/explorer/AdaptiveCard.html */
export const teams = ({ title, lines }: ChatMessage): object => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        type: 'AdaptiveCard',
        version: '1.4',
        body: [
          richText({ text: title, weight: 'Bolder', size: 'Medium' }),
          ...lines
            .filter((line) => line !== '')
            .map((line) => richText({ text: line.slice(0, 400), fontType: 'Monospace' })),
        ],
      },
    },
  ],
});
