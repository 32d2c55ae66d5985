import * as z from 'zod';
import { idShape } from './shapes.ts';

/** Files that are stored, by `GET /submissions/{id}/files/{fileId}`. */
export const filesSchema = z.array(
  z.object({
    id: idShape,
    field: z.string().describe('The field of the form'),
    name: z.string(),
    type: z.string().describe('Media type, by the end of the name'),
    size: z.number().int().describe('In bytes'),
    sha256: z.string().describe('SHA-256, hexadecimal'),
  }),
);
