import type { Json } from './components.ts';

/** The addresses outside `/api/v1`: they need no key. */

const problem = { $ref: '#/components/responses/Problem' };
const text = { type: 'string' };

function parameter(name: string, description: string, where: 'query' | 'path' = 'query'): Json {
  return { name, in: where, ...(where === 'path' ? { required: true } : {}), description, schema: text };
}

const submission = {
  type: 'object',
  description: 'Answers by the names of the fields, and control fields such as _next and _id',
  additionalProperties: {},
};

function objectOf(properties: Record<string, Json>): Json {
  return { type: 'object', properties, required: Object.keys(properties) };
}

export const edgePaths: Record<string, Json> = {
  '/t': {
    get: {
      operationId: 'recordTouch',
      summary: 'Records an arrival',
      tags: ['Capture'],
      security: [],
      parameters: [
        {
          name: 'query',
          in: 'query',
          description: 'The arrival',
          schema: {
            type: 'object',
            properties: {
              site: { ...text, description: 'Key of the site' },
              u: { ...text, description: 'Address of the page' },
              r: { ...text, description: 'Page before' },
              c: { ...text, description: '1: consent given; 0: withdrawn' },
              n: { ...text, description: '1: reloaded, or come back to' },
              j: { ...text, description: 'Journey of a page without cookies' },
            },
          },
        },
      ],
      responses: {
        200: {
          description: 'The journey, for a page of another site',
          content: {
            'application/json': {
              schema: objectOf({ journey: { type: ['string', 'null'], description: 'The signed journey' } }),
              example: { journey: null },
            },
          },
        },
        204: { description: 'The journey stands in the cookie' },
        '4XX': problem,
      },
    },
  },
  '/f/{form}': {
    post: {
      operationId: 'submitForm',
      summary: 'Takes a submission',
      tags: ['Capture'],
      security: [],
      parameters: [parameter('form', 'Key of the form', 'path')],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: submission, example: { email: 'kari@firma.no', name: 'Kari Nordmann' } },
          'application/x-www-form-urlencoded': { schema: submission },
          'multipart/form-data': { schema: submission },
        },
      },
      responses: {
        201: {
          description: 'Stored',
          content: {
            'application/json': {
              schema: objectOf({ id: { ...text, description: 'Id of the submission' } }),
              example: { id: '01990000-0000-7000-8000-000000000000' },
            },
          },
        },
        303: { description: 'Stored: a browser is sent on' },
        '4XX': problem,
      },
    },
  },
  '/l/{slug}': {
    get: {
      operationId: 'followLink',
      summary: 'Follows a link, and counts the visit',
      tags: ['Capture'],
      security: [],
      parameters: [
        parameter('slug', 'Last part of the short address', 'path'),
        parameter('p', 'Where the link was placed'),
      ],
      responses: {
        200: { description: 'The page, where the client follows the redirect' },
        302: { description: 'The page with its tags' },
        '4XX': problem,
      },
    },
  },
  '/k.js': {
    get: {
      operationId: 'getScript',
      summary: 'Gives the script for journeys',
      tags: ['Capture'],
      security: [],
      responses: {
        200: { description: 'The script', content: { 'text/javascript': { schema: text } } },
        304: { description: 'The script has not changed' },
        '4XX': problem,
      },
    },
  },
  '/health': {
    get: {
      operationId: 'getHealth',
      summary: 'Tells whether Kilde runs',
      tags: ['Operation'],
      security: [],
      responses: {
        200: {
          description: 'The database answers',
          content: {
            'application/json': {
              schema: objectOf({ ok: { type: 'boolean', description: 'Whether all is well' } }),
              example: { ok: true },
            },
          },
        },
        503: { description: 'The database does not answer' },
        '4XX': problem,
      },
    },
  },
};
