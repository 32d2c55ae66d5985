import type { DealStatus } from './deal-statuses.ts';
import { dealStatuses } from './deal-statuses.ts';
import type { InputError } from '../errors.ts';

/** A stage as it is sent. */
export type GivenStage = {
  /** Of a stage that is there; a stage without one is new. */
  id?: number | undefined;
  name: string;
  /** Where it stands; the order of the list where nobody changes it. */
  position?: number | undefined;
  /** From 0 to 1. */
  probability?: number | undefined;
  status?: DealStatus | undefined;
};

/** A stage as it is stored, the probability in percent. */
export type Stage = { id: number; name: string; position: number; probability: number; status: DealStatus };
/** The same before it has an id. */
export type StageToStore = Omit<Stage, 'id'> & { id: number | null };

/** What a pipeline has that is made without stages. */
export const defaultStages: readonly GivenStage[] = [
  { name: 'New', probability: 0.1, status: 'open' },
  { name: 'Won', status: 'won' },
  { name: 'Lost', status: 'lost' },
];

const certain: Record<Exclude<DealStatus, 'open'>, number> = { won: 1, lost: 0 };

/**
 * The stages of a pipeline as they are to be, in order. A pipeline has at least one open, one won and one lost stage, so that every
 * status of a deal has a stage.
 * @param known the stages that the pipeline has now.
 */
export function planStages({
  given,
  known,
  location,
}: {
  given: readonly GivenStage[];
  known: readonly Stage[];
  location: string;
}): { stages: StageToStore[]; errors: InputError[] } {
  const errors: InputError[] = [];
  const knownById = new Map(known.map((stage) => [stage.id, stage]));
  const names = new Set<string>();
  const ids = new Set<number>();
  for (const [index, { id, name, probability, status: sent }] of given.entries()) {
    const report = (field: string, message: string) =>
      errors.push({ location: `${location}[${index}].${field}`, message });
    const status = sent ?? knownById.get(id ?? 0)?.status ?? 'open';
    if (id !== undefined && !knownById.has(id)) report('id', `The pipeline has no stage with the id ${id}.`);
    if (id !== undefined && ids.has(id)) report('id', 'This stage stands in the list already.');
    if (id !== undefined) ids.add(id);
    const key = name.toLowerCase();
    if (names.has(key)) report('name', `Another stage of the pipeline is called "${name}".`);
    names.add(key);
    if (status === 'open' && probability === undefined && id === undefined) {
      report('probability', 'An open stage needs one, from 0 to 1.');
    }
    if (status !== 'open' && probability !== undefined && probability !== certain[status]) {
      report('probability', `A ${status} stage has ${certain[status]}.`);
    }
  }
  const ordered = inOrder({ given, known: knownById });
  const stages = ordered.map(({ id = null, name, probability, status: sent }, index): StageToStore => {
    const was = knownById.get(id ?? 0);
    const status = sent ?? was?.status ?? 'open';
    const percent = probability === undefined ? (was?.probability ?? 0) : Math.round(probability * 100);
    return { id, name, position: index + 1, status, probability: status === 'open' ? percent : certain[status] * 100 };
  });
  for (const status of dealStatuses) {
    if (stages.some((stage) => stage.status === status)) continue;
    errors.push({ location, message: `A pipeline needs at least one stage with the status "${status}".` });
  }
  return { stages, errors };
}

/** Positions decide the order where somebody has changed one; else the list itself does. */
function inOrder({ given, known }: { given: readonly GivenStage[]; known: ReadonlyMap<number, Stage> }): GivenStage[] {
  const areUnchanged = given.every(
    ({ id, position }) => position === undefined || known.get(id ?? 0)?.position === position,
  );
  if (areUnchanged) return [...given];
  return given
    .map((stage, index) => ({ stage, at: stage.position ?? index + 1 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ stage }) => stage);
}
