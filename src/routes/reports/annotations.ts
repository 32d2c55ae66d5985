import * as z from 'zod';
import { answerList, answerOne } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { dayText } from '../../http/record-inputs.ts';
import { idShape, line, namedShape, timeShape } from '../../http/shapes.ts';
import {
  annotationList,
  createAnnotation,
  deleteAnnotation,
  listAnnotations,
  updateAnnotation,
} from '../../services/reports/annotations/manage-annotations.ts';

const newAnnotation = z.strictObject({
  day: dayText,
  text: line(500),
  siteId: z.string().max(100).nullable().optional().describe('The site that it concerns; null: all'),
});

const annotationShape = z.object({
  id: idShape,
  day: z.iso.date(),
  text: z.string(),
  site: namedShape.nullable().describe('Null: all sites'),
  by: namedShape.nullable().describe('The user who wrote it'),
  key: namedShape.nullable().describe('The API key that wrote it'),
  automatic: z.boolean().describe('Whether Kilde wrote it'),
  kind: z.string().nullable().describe('Of automatic ones'),
  values: z.looseObject({}).nullable().describe('Names and numbers of the kind'),
  createdAt: timeShape,
});

/** What happened on a day and explains a number on a time line. */
export function addAnnotationRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/annotations',
      summary: 'Lists annotations',
      scope: 'read',
      list: annotationList,
      response: pageOf(annotationShape),
    },
    async ({ c, deps, query }) => answerList(c, listAnnotations(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/annotations',
      summary: 'Adds an annotation',
      scope: 'write',
      audit: true,
      body: newAnnotation,
      response: annotationShape,
      status: 201,
    },
    async ({ deps, actor, body }) => createAnnotation(deps, { ...body, author: actor }),
  );

  api.define(
    {
      method: 'get',
      path: '/annotations/:id',
      summary: 'Shows an annotation',
      scope: 'read',
      response: annotationShape,
    },
    async ({ deps, params }) =>
      answerOne(annotationList, {
        id: params['id'],
        what: 'annotation',
        read: (query) => listAnnotations(deps, query),
      }),
  );

  api.define(
    {
      method: 'patch',
      path: '/annotations/:id',
      summary: 'Changes an annotation',
      scope: 'write',
      audit: true,
      body: newAnnotation.partial(),
      response: annotationShape,
    },
    async ({ deps, params, body }) =>
      updateAnnotation(deps, { id: parseId(params['id'], 'annotation'), changes: body }),
  );

  api.define(
    { method: 'delete', path: '/annotations/:id', summary: 'Deletes an annotation', scope: 'write' },
    async ({ deps, params }) => deleteAnnotation(deps, parseId(params['id'], 'annotation')),
  );
}
