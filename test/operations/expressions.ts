import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const readText = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');

export interface Expression {
  /** The panel or alert. */
  of: string;
  expr: string;
  /** Labels that its words are put together from, as `{{…}}`. */
  shown: string[];
}

interface Dashboard {
  schemaVersion: number;
  templating: { list: { name: string; type: string; definition?: string }[] };
  panels: {
    id: number;
    type: string;
    title: string;
    gridPos: Record<'x' | 'y' | 'w' | 'h', number>;
    datasource?: { type: string; uid: string };
    targets?: { expr: string; legendFormat: string; datasource: { uid: string } }[];
  }[];
}

export const dashboard = JSON.parse(readText('operations/grafana/document-jobs.json')) as Dashboard;

const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);

export function dashboardExpressions(): Expression[] {
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      of: title,
      expr,
      shown: namesIn(legendFormat, /\{\{(\w+)\}\}/g),
    })),
  );
}

export function alertExpressions(): Expression[] {
  const file = parse(readText('operations/prometheus/alerts.yml')) as {
    groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
  };
  return file.groups
    .flatMap(({ rules }) => rules)
    .map(({ alert, expr, annotations }) => ({
      of: alert,
      expr,
      shown: namesIn(annotations.summary, /\$labels\.(\w+)/g),
    }));
}

/** One use of a metric: its name, what is asked of its labels, and nothing else of the expression. */
export interface Use {
  metric: string;
  matchers: { label: string; equals: string | null }[];
}

export function usesIn(expr: string): Use[] {
  return [...expr.matchAll(/\b((?:document_jobs|temporal)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', inside = '']) => ({
      metric,
      matchers: [...inside.matchAll(/(\w+)(=~|=)"([^"]*)"/g)].map(([, label = '', operator, value = '']) => ({
        label,
        equals: operator === '=' ? value : null,
      })),
    }),
  );
}

/** What is summed by which labels. */
export function groupings(expr: string): { metric: string; labels: string[] }[] {
  return [...expr.matchAll(/\bby \(([^)]*)\) \((?:\w+\()?(\w+)/g)].map(([, labels = '', metric = '']) => ({
    metric,
    labels: labels.split(/,\s*/),
  }));
}
