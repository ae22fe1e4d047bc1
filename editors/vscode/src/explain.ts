// The text of a rule, and why the site does not answer, as Markdown previews.
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

const SCHEME = 'wsgi-ls-rule';
const DIAGNOSIS = vscode.Uri.from({ scheme: 'wsgi-ls-diagnosis', path: 'Why the site does not answer.md' });

export class RuleTexts implements vscode.TextDocumentContentProvider {
  constructor(private readonly client: () => LanguageClient | undefined) {}

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/\.md$/, '');
    const answer = await this.client()?.sendRequest<{ markdown: string }>('wsgi-ls/explain', { rule });
    return answer?.markdown ?? 'The wsgi-ls server is not running.';
  }

  /** Shows a rule. Without an id, the user chooses among the findings' rules. */
  async show(rule: string | undefined): Promise<void> {
    const id = rule ?? (await choose());
    if (id) {
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.from({ scheme: SCHEME, path: `${id}.md` }));
    }
  }
}

/** What `wsgi-ls diagnose` prints, as a page. */
export class Diagnosis implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly client: () => LanguageClient | undefined) {}

  register(): vscode.Disposable {
    return vscode.Disposable.from(this.changed, vscode.workspace.registerTextDocumentContentProvider(DIAGNOSIS.scheme, this));
  }

  async provideTextDocumentContent(): Promise<string> {
    const answer = await this.client()?.sendRequest<{ markdown: string }>('wsgi-ls/diagnose', {});
    return answer?.markdown ?? 'The wsgi-ls server is not running.';
  }

  async show(): Promise<void> {
    // A page that is shown already is made anew.
    this.changed.fire(DIAGNOSIS);
    await vscode.commands.executeCommand('markdown.showPreview', DIAGNOSIS);
  }
}

async function choose(): Promise<string | undefined> {
  const cursor = vscode.window.activeTextEditor;
  const found = new Map<string, boolean>();
  for (const [uri, diagnostics] of vscode.languages.getDiagnostics()) {
    const isHere = uri.toString() === cursor?.document.uri.toString();
    for (const one of diagnostics.filter((diagnostic) => diagnostic.source === 'wsgi-ls')) {
      const id = String(typeof one.code === 'object' ? one.code.value : one.code);
      const isAtCursor = isHere && one.range.contains(cursor!.selection.active);
      found.set(id, isAtCursor || found.get(id) === true);
    }
  }
  // The one under the cursor comes first.
  const ids = [...found.keys()].sort((one, other) => Number(found.get(other)) - Number(found.get(one)));
  if (ids.length === 0) {
    return vscode.window.showInputBox({ prompt: 'The id of a rule', placeHolder: 'server-started-at-import' });
  }
  return vscode.window.showQuickPick(ids, { placeHolder: 'Which rule?' });
}
