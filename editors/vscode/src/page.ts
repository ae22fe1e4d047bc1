// The verdict's page: one panel that follows what the server says.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { page, type Click } from './html';
import { NOTHING, rangeIn, uriOf, type Folder, type Place, type Verdict } from './verdict';

export class VerdictPage implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private verdict: Verdict = NOTHING;
  private shown = '';

  /** Brings the page to the front, beside the editor. */
  show(verdict: Verdict): void {
    if (!this.panel) {
      const options = { enableScripts: true, localResourceRoots: [] };
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.panel = vscode.window.createWebviewPanel('wsgi-ls.verdict', 'Verdict', place, options);
      this.panel.onDidDispose(() => {
        this.panel = undefined;
        this.shown = '';
      });
      this.panel.webview.onDidReceiveMessage((click: Click) => this.clicked(click));
    } else {
      this.panel.reveal(undefined, true);
    }
    this.update(verdict);
  }

  /** Shows a newer verdict, if the page is open. */
  update(verdict: Verdict): void {
    this.verdict = verdict;
    const now = JSON.stringify(verdict);
    if (this.panel && now !== this.shown) {
      this.shown = now;
      this.panel.webview.html = page(verdict, randomBytes(16).toString('hex'));
    }
  }

  private async clicked(click: Click): Promise<void> {
    const folder = this.verdict.folders[click.folder];
    const finding = click.finding === undefined ? undefined : folder?.report.findings[click.finding];
    switch (click.action) {
      case 'open': {
        const place = click.related === undefined ? finding : finding?.related[click.related];
        if (place) {
          await open(folder, place);
        }
        break;
      }
      case 'route': {
        const place = folder?.routes?.[click.deployment ?? 0]?.handlers[click.route ?? 0]?.location;
        if (place) {
          const { line, character } = place.range.start;
          const at = new vscode.Position(line, character);
          const uri = vscode.Uri.parse(place.uri);
          await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), viewColumn: vscode.ViewColumn.One });
        }
        break;
      }
      case 'fix':
        if (finding && click.fix !== undefined) {
          await fix(folder, finding, finding.fixes[click.fix].title);
        }
        break;
      case 'explain':
        await vscode.commands.executeCommand('wsgi-ls.explainRule', click.rule);
        break;
      case 'touch':
        await vscode.commands.executeCommand('wsgi-ls.touch', folder?.predictions[click.deployment ?? 0]?.uri);
        break;
      case 'fixAll':
        await vscode.commands.executeCommand('wsgi-ls.applySafeFixes');
        break;
      case 'external':
        await vscode.env.openExternal(vscode.Uri.parse(click.url ?? '', true));
        break;
    }
  }

  dispose(): void {
    this.panel?.dispose();
  }
}

async function open(folder: Folder, place: Place): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uriOf(folder, place.file));
  const selection = rangeIn(document, place);
  await vscode.window.showTextDocument(document, { selection, viewColumn: vscode.ViewColumn.One });
  return document;
}

/** Applies the fix of that title, as the light bulb does it, so that it fits the text as it is now. */
async function fix(folder: Folder, place: Place, title: string): Promise<void> {
  const document = await open(folder, place);
  const at = rangeIn(document, place);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    at,
    vscode.CodeActionKind.QuickFix.value,
  );
  const action = actions.find((one) => one.title === title);
  if (action?.edit) {
    await vscode.workspace.applyEdit(action.edit);
  } else {
    void vscode.window.showInformationMessage('This fix does not fit any more.');
  }
}
