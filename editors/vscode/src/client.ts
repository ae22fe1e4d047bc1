// The connection to the server.
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
} from 'vscode-languageclient/node';
import { documentSelector } from './kinds';
import type { NextSteps } from './next';

/** A client of this program, not started yet. `showVerdict` is called when a code lens is clicked, `analysed` when the
 * verdict may be another one. */
export function makeClient(
  program: string,
  output: vscode.LogOutputChannel,
  nextSteps: NextSteps,
  showVerdict: (entry?: string) => void,
  analysed: () => void,
): LanguageClient {
  const server: ServerOptions = { command: program, args: ['lsp'] };
  const options: LanguageClientOptions = {
    documentSelector,
    outputChannel: output,
    errorHandler: patience(),
    diagnosticPullOptions: { onTabs: true, onChange: true, onSave: true },
    middleware: {
      // The server can only tell the verdict in a message; we have a page for it.
      executeCommand: (command, args, next) => (command === 'wsgi-ls.verdict' ? showVerdict(args[0]) : next(command, args)),
      provideCodeActions: async (document, range, context, token, next) =>
        nextSteps.kept(await next(document, range, context, token)),
      provideHover: async (document, position, token, next) => withoutMessages(await next(document, position, token), document, position),
      workspace: {
        configuration: (params, token, next) =>
          params.items.every((item) => item.section === 'wsgi-ls')
            ? params.items.map((item) => said(item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined))
            : next(params, token),
      },
    },
  };
  const client = new LanguageClient('wsgi-ls', 'wsgi-ls', server, options);
  client.registerFeature({
    fillClientCapabilities: (capabilities) => {
      capabilities.experimental = { ...(capabilities.experimental as object), 'wsgi-ls': { analysed: true } };
    },
    initialize: () => {},
    getState: () => ({ kind: 'static' }),
    clear: () => {},
  });
  client.onNotification('wsgi-ls/analysed', analysed);
  return client;
}

/** How often the server may end within some time (milliseconds) and is started anew. */
const RESTARTS = 5;
const WITHIN = 180_000;

/** Starts a server that ended anew, unless that goes on and on. */
function patience(): ErrorHandler {
  let ends: number[] = [];
  return {
    // Writing to a server that just ended fails, with each message that is under way; `closed` is called next. To shut the client
    // down here, as is the default after three of them, would keep the server from coming back.
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: () => {
      const now = Date.now();
      ends = [...ends.filter((end) => end > now - WITHIN), now];
      if (ends.length <= RESTARTS) {
        return { action: CloseAction.Restart, handled: true };
      }
      const message = 'The wsgi-ls server ended again and again, and is not started any more. The command "wsgi-ls: Restart Server" starts it.';
      return { action: CloseAction.DoNotRestart, message };
    },
  };
}

/** A hover without the messages of the findings at this place and without their related places: VS Code shows those above it already. */
function withoutMessages(hover: vscode.Hover | null | undefined, document: vscode.TextDocument, position: vscode.Position) {
  const findings = vscode.languages.getDiagnostics(document.uri).filter((one) => one.source === 'wsgi-ls' && one.range.contains(position));
  for (const content of hover?.contents ?? []) {
    if (content instanceof vscode.MarkdownString) {
      content.value = findings.reduce((text, finding) => without(text, `${finding.message}\n\n`), content.value);
    }
  }
  return hover;
}

/** The text without a message and the list that stands behind it. */
function without(text: string, message: string): string {
  const at = text.indexOf(message);
  return at < 0 ? text : text.slice(0, at) + text.slice(at + message.length).replace(/^(- .*\n)+\n/, '');
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
