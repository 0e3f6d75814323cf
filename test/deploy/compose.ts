import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Service {
  image?: string;
  build?: { context: string; target: string };
  profiles?: string[];
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  stop_grace_period?: string;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { replicas?: number };
}
export interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
}

export const readCompose = (): Compose => parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as Compose;

/** What starts with a profile: its services and those of none. */
export function servicesOf({ services }: Compose, profile: string): Record<string, Service> {
  const starts = ({ profiles }: Service): boolean => profiles === undefined || profiles.includes(profile);
  return Object.fromEntries(Object.entries(services).filter(([, service]) => starts(service)));
}
