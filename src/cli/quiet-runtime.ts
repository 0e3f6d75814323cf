import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogLevel } from '@temporalio/worker';

/**
 * The SDK's logs go to stderr, from the given level, and its signal handlers stay away: Ctrl-C means something here.
 * Once a process, before anything else of the SDK.
 */
export function installRuntime(level: LogLevel): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger(
      level,
      ({ level: severity, message, error }: { level: string; message: string; error?: Error }) => {
        process.stderr.write(`${severity} ${message}${error === undefined ? '' : `: ${error.message}`}\n`);
      },
    ),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
}
