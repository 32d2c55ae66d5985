import type { Note } from '../../api/report.ts';
import type { Model } from '../../api/scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { modelName } from '../../ui/model-words.ts';
import { nameOfDimension, nameOfMeasure } from './words.ts';

/** A note of a report in the reader's language, by its code. One of a code that is not known here stays as the API wrote it. */
export function noteWords({ code, message, measure = '', dimensions = [], models = [], fields = [] }: Note): string {
  const of = nameOfMeasure(measure);
  const names = dimensions.map(nameOfDimension).join(', ');
  switch (code) {
    case 'notOfPeople': {
      return m.note_not_of_people({ measure: of });
    }
    case 'notByFilter': {
      return m.note_not_by_filter({ measure: of, names });
    }
    case 'notByDimension': {
      return m.note_not_by_dimension({ measure: of, names });
    }
    case 'notByModel': {
      const list = models.map((model) => modelName[model as Model]?.() ?? model).join(', ');
      return m.note_not_by_model({ measure: of, models: list });
    }
    case 'unconverted': {
      return m.note_unconverted();
    }
    case 'dividesByAll': {
      return m.note_divides_by_all({ measure: of });
    }
    case 'notCompared': {
      return m.note_not_compared();
    }
    case 'foldedValues': {
      const list = fields.map(({ field, visits }) =>
        m.note_folded_field({ field: nameOfDimension(field), count: formatCount(visits) }),
      );
      return m.note_folded({ fields: list.join(', ') });
    }
    default: {
      return message;
    }
  }
}
