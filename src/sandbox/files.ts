import { randomUUID } from 'node:crypto';
import type { Storage } from './storage.js';

/** Uploaded documents. An id may exist before its bytes do: a presigned upload fills it later. */
export interface Files {
  /** @param extension with its dot, or empty @returns the id, `<uuid><extension>` */
  create(extension: string, now: number): string;
  fill(id: string, bytes: Uint8Array): void;
  /** Key under which a presigned PUT fills the file. */
  storageKey(id: string): string;
  /** @returns null when unknown, expired or never filled */
  read(id: string, now: number): Uint8Array | null;
  /** @returns false when there is no such file */
  delete(id: string): boolean;
}

export function createFiles(storage: Storage, lifetimeMs: number): Files {
  const createdAt = new Map<string, number>();
  const storageKey = (id: string): string => `uploads/${id}`;
  return {
    storageKey,
    create(extension, now) {
      const id = `${randomUUID()}${extension}`;
      createdAt.set(id, now);
      return id;
    },
    fill: (id, bytes) => storage.put(storageKey(id), { bytes, contentType: 'application/octet-stream' }),
    read(id, now) {
      const created = createdAt.get(id);
      if (created === undefined || now >= created + lifetimeMs) return null;
      return storage.get(storageKey(id))?.bytes ?? null;
    },
    delete(id) {
      storage.delete(storageKey(id));
      return createdAt.delete(id);
    },
  };
}
