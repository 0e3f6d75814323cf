import { fstatSync, statSync } from 'node:fs';

/** Far more than a test process has; there is no portable way to list them. */
const MOST = 1_024;

/** How many of this process's descriptors have a file open. */
export function openDescriptors(path: string): number {
  const { dev, ino } = statSync(path, { bigint: true });
  const isOpen = (fd: number): boolean => {
    try {
      const open = fstatSync(fd, { bigint: true });
      return open.dev === dev && open.ino === ino;
    } catch {
      return false;
    }
  };
  return Array.from({ length: MOST }, (_, fd) => fd).filter(isOpen).length;
}
