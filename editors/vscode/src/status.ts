// The item of the status bar: what visitors get, in two words.
import * as vscode from 'vscode';
import type { Verdict } from './verdict';

/** What a visitor gets, as short as the status bar wants it. */
const SHORT: Record<string, string> = {
  '500': '500',
  '502': '502',
  timeout: 'timeout',
  'wrong-body': 'broken page',
  '4xx': '4xx',
};

export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('wsgi-ls.verdict', vscode.StatusBarAlignment.Left, 40);

  constructor() {
    this.item.name = 'wsgi-ls';
  }

  /** Shows the worst of all deployments, and nothing where nothing is deployed. */
  show(verdict: Verdict): void {
    const deployments = verdict.folders.flatMap((folder) =>
      folder.predictions.map((prediction, at) => ({ ...folder.report.deployments[at], ...prediction })),
    );
    if (deployments.length === 0) {
      this.item.hide();
      return;
    }
    const worst = deployments.find((one) => !one.good);
    this.item.text = worst ? `$(error) ${worst.host}: ${SHORT[worst.visitor_sees] ?? 'unknown'}` : '$(pass) WSGI serves';
    this.item.backgroundColor = worst && new vscode.ThemeColor('statusBarItem.errorBackground');
    this.item.tooltip = new vscode.MarkdownString(
      deployments.map((one) => `\`${one.entry}\` on ${one.host} ${one.does}; ${one.visitors}.`).join('\n\n'),
    );
    this.item.command = 'wsgi-ls.showVerdict';
    this.item.show();
  }

  /** Says that there is no server, and what to click. */
  missing(): void {
    this.item.text = '$(warning) wsgi-ls: no server';
    this.item.tooltip = 'The wsgi-ls program was not found. Click for what to do.';
    this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    this.item.command = 'wsgi-ls.restart';
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
