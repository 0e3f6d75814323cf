import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One place that makes a failure of a type. */
export interface FailureSite {
  type: string;
  /** File and line. */
  where: string;
  /** All words that its message is put together from, as far as its file holds them; none where it passes on another failure's. */
  message: string;
}

/** Where a test's author makes failures of any type and message. */
const NOT_OURS = /^src\/testing\//;
const DEPTH = 4;

/** Every `documentFailure('Type', message, …)` of the sources. */
export function failureSites(root: string): FailureSite[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file}`)
    .filter((file) => file.endsWith('.ts') && !NOT_OURS.test(file));
  return files.flatMap((file) => sitesOf(file, readFileSync(join(root, file), 'utf8')));
}

export function sitesOf(file: string, text: string): FailureSite[] {
  if (!text.includes('documentFailure(')) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declared = new Map<string, ts.Node[]>();
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && ts.isIdentifier(node.name) && node.initializer) {
      declared.set(node.name.text, [...(declared.get(node.name.text) ?? []), node.initializer]);
    }
    if (ts.isCallExpression(node) && node.expression.getText() === 'documentFailure') calls.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  /** Literal text, and that of what names stand for; the nearest declaration above wins, where a name has several. */
  const wordsOf = (node: ts.Node, depth: number): string => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      return node.text;
    if (ts.isIdentifier(node) && depth > 0) {
      const before = (declared.get(node.text) ?? []).filter(
        (one) => one.pos < node.pos || node.text === node.text.toUpperCase(),
      );
      const nearest = before.at(-1);
      return nearest === undefined ? '' : wordsOf(nearest, depth - 1);
    }
    const words: string[] = [];
    ts.forEachChild(node, (child) => void words.push(wordsOf(child, depth)));
    return words.join(' ');
  };
  return calls.flatMap((call) => {
    const [type, message] = call.arguments;
    if (type === undefined || message === undefined || !ts.isStringLiteral(type)) return [];
    const line = source.getLineAndCharacterOfPosition(call.getStart()).line + 1;
    return [{ type: type.text, where: `${file}:${line}`, message: wordsOf(message, DEPTH) }];
  });
}
