import { fileURLToPath } from 'node:url';

/** The program's file, for processes that it starts of itself. */
export const ENTRY = fileURLToPath(new URL('./main.js', import.meta.url));
