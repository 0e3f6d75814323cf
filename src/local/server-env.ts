const KEPT = ['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG', 'TZ'];

/** What a local server needs of the environment: no vendor's key, and no Temporal setting that is meant for clients. */
export function serverEnv(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => KEPT.includes(name)));
}
