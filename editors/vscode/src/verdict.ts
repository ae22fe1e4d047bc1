// What the server says of each deployment: the answer to its request `wsgi-ls/verdict`.
import * as vscode from 'vscode';

export interface Verdict {
  folders: Folder[];
  rules: Record<string, RuleText>;
}

export interface Folder {
  uri: string | null;
  predictions: Prediction[];
  /** For each of them, what its requests are estimated to cost; a server that is older than the extension does not say. */
  routes?: Routes[];
  report: Report;
}

export interface Routes {
  /** The time that the host gives a request. */
  budget: string;
  /** Those that take longest come first. */
  handlers: Route[];
}

export interface Route {
  /** Markdown. */
  label: string;
  function: string;
  location: { uri: string; range: { start: { line: number; character: number } } } | null;
  cost: string;
  exceeds: boolean;
}

/** What becomes of one deployment, in words. */
export interface Prediction {
  /** The file that the host loads. */
  uri: string | null;
  host: string;
  does: string;
  visitors: string;
  good: boolean;
}

export interface RuleText {
  summary: string;
  /** Markdown. */
  explanation: string;
  pages: { title: string; url: string }[];
}

/** The part of docs/schema/check.v1.json that is shown. */
export interface Report {
  deployments: { entry: string; callable: string; verdict: string; visitor_sees: string }[];
  findings: Finding[];
}

export interface Finding extends Place {
  rule: string;
  severity: 'error' | 'warning' | 'information' | 'hint';
  certainty: string;
  deployment: number;
  related: (Place & { message: string })[];
  message: string;
  fixes: { title: string; safety: string }[];
}

/** Lines and columns count from 1, columns in characters. */
export interface Place {
  /** Relative to the folder, with forward slashes. */
  file: string;
  range: { start: { line: number; column: number }; end: { line: number; column: number } };
}

export const NOTHING: Verdict = { folders: [], rules: {} };

/** The file of a place. */
export function uriOf(folder: Folder, file: string): vscode.Uri {
  const root = vscode.Uri.parse(folder.uri ?? '');
  return file.startsWith('/') || /^[A-Za-z]:\//.test(file) ? vscode.Uri.file(file) : vscode.Uri.joinPath(root, file);
}

/** The range of a place in its document, whose columns count UTF-16 units. */
export function rangeIn(document: vscode.TextDocument, place: Place): vscode.Range {
  const at = ({ line, column }: { line: number; column: number }) => {
    const row = Math.min(line, document.lineCount) - 1;
    const before = [...document.lineAt(row).text].slice(0, column - 1).join('');
    return new vscode.Position(row, before.length);
  };
  return new vscode.Range(at(place.range.start), at(place.range.end));
}
