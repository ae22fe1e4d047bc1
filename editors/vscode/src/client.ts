// The connection to the server.
import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';
import { documentSelector } from './kinds';

/** A client of this program, not started yet. `showVerdict` is called when a code lens is clicked. */
export function makeClient(
  program: string,
  output: vscode.LogOutputChannel,
  showVerdict: (entry?: string) => void,
): LanguageClient {
  const server: ServerOptions = { command: program, args: ['lsp'] };
  const options: LanguageClientOptions = {
    documentSelector,
    outputChannel: output,
    diagnosticPullOptions: { onTabs: true, onChange: true, onSave: true },
    middleware: {
      // The server can only tell the verdict in a message; we have a page for it.
      executeCommand: (command, args, next) => (command === 'wsgi-ls.verdict' ? showVerdict(args[0]) : next(command, args)),
      provideHover: async (document, position, token, next) => withoutMessages(await next(document, position, token), document, position),
      workspace: {
        configuration: (params, token, next) =>
          params.items.every((item) => item.section === 'wsgi-ls')
            ? params.items.map((item) => said(item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined))
            : next(params, token),
      },
    },
  };
  return new LanguageClient('wsgi-ls', 'wsgi-ls', server, options);
}

/** A hover without the messages of the findings at this place: VS Code shows those above it already. */
function withoutMessages(hover: vscode.Hover | null | undefined, document: vscode.TextDocument, position: vscode.Position) {
  const findings = vscode.languages.getDiagnostics(document.uri).filter((one) => one.source === 'wsgi-ls' && one.range.contains(position));
  for (const content of hover?.contents ?? []) {
    if (content instanceof vscode.MarkdownString) {
      content.value = findings.reduce((text, finding) => text.replace(`${finding.message}\n\n`, ''), content.value);
    }
  }
  return hover;
}

/** What the user's settings say, without the defaults: those would hide what the project's own files say. */
function said(scope: vscode.Uri | undefined): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration('wsgi-ls', scope);
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(settings).filter((one) => typeof settings[one] !== 'function')) {
    const value = settings.inspect(name);
    const isSaid = [value?.globalValue, value?.workspaceValue, value?.workspaceFolderValue].some((one) => one !== undefined);
    if (isSaid) {
      out[name] = settings.get(name);
    }
  }
  return out;
}
