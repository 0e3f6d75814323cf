import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseDuration } from '../../src/jobs/duration.js';
import { workerCommand } from '../../src/cli/commands/worker.js';
import { flagOf, unknownFlags } from './flags.js';
import { kubernetesSchema, type Kind } from './kubernetes-schema.js';

interface Manifest {
  kind: Kind;
  spec: {
    selector: { matchLabels: Record<string, string> };
    replicas?: number;
    maxUnavailable?: number;
    template?: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}
interface PodSpec {
  terminationGracePeriodSeconds: number;
  securityContext: Record<string, unknown>;
  containers: [Container];
  volumes: { name: string }[];
}
type Probe = 'startupProbe' | 'readinessProbe' | 'livenessProbe';
interface Container extends Record<Probe, { httpGet: { path: string; port: string } }> {
  image: string;
  args: string[];
  ports: { name: string; containerPort: number }[];
  securityContext: Record<string, unknown>;
  volumeMounts: { name: string; mountPath: string }[];
}

const text = readFileSync('operations/kubernetes/worker.yaml', 'utf8');
const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const [deployment, budget] = manifests as [Manifest, Manifest];
const { template } = deployment.spec as Required<Manifest['spec']>;
const [container] = template.spec.containers;

describe.each(['1.30', '1.37'])(
  'operations/kubernetes/worker.yaml and the strict schema of Kubernetes %s',
  (release) => {
    let schemaOf: Awaited<ReturnType<typeof kubernetesSchema>>;
    beforeAll(async () => void (schemaOf = await kubernetesSchema(release)), 240_000);

    it('fits', () => {
      expect(manifests.map(({ kind }) => kind)).toEqual(['Deployment', 'PodDisruptionBudget']);
      for (const manifest of manifests) {
        const validate = schemaOf(manifest.kind);
        expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
      }
    });

    it('would be told of a misspelt field, a wrong type and a missing one', () => {
      const validate = schemaOf('Deployment');
      const changed = (from: string, to: string): unknown => {
        expect(text).toContain(from);
        return parseAllDocuments(text.replace(from, to))[0]?.toJS();
      };
      expect(validate(changed('terminationGracePeriodSeconds', 'terminationGracePeriod'))).toBe(false);
      expect(validate(changed('replicas: 2', 'replicas: two'))).toBe(false);
      expect(validate(changed('  selector:', '  selectors:'))).toBe(false);
    });
  },
);

describe('operations/kubernetes/worker.yaml', () => {
  it('gives the worker flags that it has', () => {
    expect(container.args[0]).toBe('worker');
    expect(unknownFlags(workerCommand(), container.args.slice(1))).toEqual([]);
    expect(unknownFlags(workerCommand(), ['--grce=30s'])).toEqual(['--grce']);
  });

  it('leaves time between the grace of activities and the kill', () => {
    const graceMs = parseDuration(flagOf(container.args, 'grace') ?? '');
    expect(graceMs).toBeGreaterThanOrEqual(30_000);
    expect(template.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(2 * (graceMs ?? Infinity));
  });

  it('probes the port that the worker answers on', () => {
    const port = Number(flagOf(container.args, 'health-port'));
    expect(container.ports).toContainEqual({ name: 'health', containerPort: port });
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const)
      expect(container[probe].httpGet.port).toBe('health');
    expect(flagOf(container.args, 'health-host')).toBe('0.0.0.0');
  });

  it('selects its own pods, and lets one at a time be taken away', () => {
    for (const { spec } of [deployment, budget])
      expect(template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    expect(budget.spec.maxUnavailable).toBeLessThan(deployment.spec.replicas ?? 0);
  });

  it('runs without root, and with every folder mounted that is written to', () => {
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(container.volumeMounts.map(({ mountPath }) => mountPath).sort()).toEqual(['/state', '/tmp']);
    const volumes = template.spec.volumes.map(({ name }) => name);
    for (const { name } of container.volumeMounts) expect(volumes).toContain(name);
  });

  it('names the image by this version, and no key', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(container.image).toMatch(new RegExp(`/temporal-document-jobs:${version.replaceAll('.', '\\.')}$`));
    expect(JSON.stringify(deployment)).not.toMatch(/api_?key"\s*:/i);
  });
});
