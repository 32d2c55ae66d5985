import { StatementError } from './errors.ts';
import type { BatchCondition, BatchStep, Stmt } from './read-pipeline.ts';

/** Where the steps of a batch run. */
export type StepRunner = {
  isInTransaction(): boolean;
  /** @throws StatementError for a step that fails. */
  run(index: number, stmt: Stmt): string | Promise<string>;
};

/** Runs the steps whose conditions hold, in order, and gives the Hrana `BatchResult` as JSON. */
export async function runSteps(steps: BatchStep[], runner: StepRunner): Promise<string> {
  const results: string[] = [];
  const errors: string[] = [];
  for (const [index, { condition, stmt }] of steps.entries()) {
    let result = 'null';
    let failure = 'null';
    if (!condition || holds(condition, { results, errors, runner })) {
      try {
        const pending = runner.run(index, stmt);
        result = typeof pending === 'string' ? pending : await pending;
      } catch (error) {
        if (!(error instanceof StatementError) || error.code === 'RESPONSE_TOO_LARGE') throw error;
        failure = writeError(error);
      }
    }
    results.push(result);
    errors.push(failure);
  }
  return `{"step_results":[${results.join(',')}],"step_errors":[${errors.join(',')}],"replication_index":null}`;
}

/** An error as Hrana writes it. */
export function writeError({ message, code }: StatementError): string {
  return JSON.stringify({ message, code });
}

type StepOutcomes = { results: string[]; errors: string[]; runner: StepRunner };

function holds(condition: BatchCondition, outcomes: StepOutcomes): boolean {
  switch (condition.type) {
    case 'ok':
      return outcomes.results[condition.step] !== 'null';
    case 'error':
      return outcomes.errors[condition.step] !== 'null';
    case 'not':
      return !holds(condition.cond, outcomes);
    case 'and':
      return condition.conds.every((part) => holds(part, outcomes));
    case 'or':
      return condition.conds.some((part) => holds(part, outcomes));
    case 'is_autocommit':
      return !outcomes.runner.isInTransaction();
  }
}
