/**
 * A shell script for `sh -c SCRIPT sh PARENT BINARY ARG…`: becomes the binary (same pid), and leaves a watcher behind that kills it
 * within a second of the parent's death. No signal tells of a parent killed with -9. It asks whose child the binary is, not whether the
 * parent's id exists: an id is reused, and where nobody reaps (containers) a dead parent keeps it.
 */
export const DIE_WITH_PARENT = `
parent=$1; shift
(
  parent_of() {
    if [ -r "/proc/$1/stat" ]; then read -r _ _ _ found _ < "/proc/$1/stat"; echo "$found"; else ps -o ppid= -p "$1" | tr -d ' '; fi
  }
  while [ "$(parent_of $$)" = "$parent" ]; do sleep 1; done
  kill -9 $$
) < /dev/null > /dev/null 2>&1 &
exec "$@"
`;

/** The command that runs a binary so that it dies with this process, however this process dies. */
export function dieWithParent(binary: string, args: readonly string[]): [command: string, args: string[]] {
  return ['sh', ['-c', DIE_WITH_PARENT, 'sh', String(process.pid), binary, ...args]];
}
