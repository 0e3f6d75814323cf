import type { Context } from 'hono';

/** The address by which the caller reached the sandbox: from another container it is not ours. */
export const originOf = (c: Context): string => new URL(c.req.url).origin;
