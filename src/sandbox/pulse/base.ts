import type { Context } from 'hono';
import { originOf } from '../origin.js';

/** The base URL under which the caller reached this vendor. */
export const baseOf = (c: Context): string => `${originOf(c)}/pulse`;
