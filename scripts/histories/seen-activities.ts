// Loaded into the workflow's isolate beside the workflows that are replayed.
import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

export interface SeenActivities extends Sinks {
  seen: { activity(type: string, input: unknown): void };
}

const { seen } = proxySinks<SeenActivities>();

/** Tells of each activity that is scheduled: a replay itself minds only how many there are, and of which type. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        seen.activity(input.activityType, input.args[0]);
        return next(input);
      },
    },
  ],
});
