import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Folders whose test files share the few processes that they run in, because importing costs more than most of them do. What such a file
 * changes (clock, environment, console) it puts back; `npx vitest run --project shared --sequence.shuffle.files` shows those that do not.
 */
const SHARED =
  'activities|batch|client|conformance|faults|fidelity|jobs|json-stream|providers|reading|sandbox|webhooks';

/** Files among these with a process to themselves: they mock modules, measure memory or pace, or start Temporal's servers and processes. */
const ALONE = [
  'test/activities/batch/document-end.test.ts',
  'test/activities/governor/{four-workers,sandbox}.test.ts',
  'test/activities/shared-reads/sandbox.test.ts',
  'test/batch/whole.test.ts',
  'test/client/client.test.ts',
  'test/conformance/{mistakes,toy-vendor,vendors}.test.ts',
  'test/faults/{faults,fleet}.test.ts',
  'test/fidelity/live-run.test.ts',
  'test/providers/http/fetch-limits.test.ts',
  'test/webhooks/{dev-server,fuzz}.test.ts',
];

/** And what shares a process elsewhere: properties, and what of the command line needs no process of its own. */
const SHARED_TOO = [
  'test/workflows/!(deadline).properties.test.ts',
  'test/results/*.properties.test.ts',
  'test/cli/{batch-views,check-*,connect,doctor-verdicts,doctor-webhooks,events,exit-codes,jobs,live-view,probe}.test.ts',
  'test/cli/{read-json-file,result-text,small-decisions,vendor-environment,write-results}.test.ts',
];

/** They wait for real time: begun last, they would go on alone. */
const LONG = [
  'faults/faults',
  'workflows/process-document',
  'model/model',
  'cli/batch-killed',
  'cli/batch-steer',
  'cli/batch',
  'activities/governor/four-workers',
  'activities/governor/sandbox',
  'workflows/crash',
  'workflows/cost-real-time',
  'workflows/reap',
  'cli/stop',
];

/** Long ones first, shared ones last and together: they fill what the others leave of the cores. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const placeOf = ({ moduleId, project }: TestSpecification): number => {
      if (LONG.some((name) => moduleId.endsWith(`/test/${name}.test.ts`))) return 0;
      return project.config.isolate ? 1 : 2;
    };
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}

const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Once for both projects.
    globalSetup: ['test/support/global-setup.ts'],
    // Most of the long tests wait for servers and processes, so that more of them than cores run well side by side.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...limits,
          name: 'alone',
          include: [`test/!(${SHARED})/**/*.test.ts`, ...ALONE],
          exclude: [...configDefaults.exclude, ...SHARED_TOO],
          typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: 'tsconfig.json' },
        },
      },
      {
        test: {
          ...limits,
          name: 'shared',
          include: [`test/@(${SHARED})/**/*.test.ts`, ...SHARED_TOO],
          exclude: [...configDefaults.exclude, ...ALONE],
          isolate: false,
        },
      },
    ],
  },
});
