// The extension's life: it starts the server, shows what it says, and offers the commands.
import os from 'node:os';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { Diagnosis, RuleTexts } from './explain';
import { locate } from './locate';
import { VerdictPage } from './page';
import { Status } from './status';
import { touch } from './touch';
import { NOTHING, type Verdict } from './verdict';

/** How long nothing new has to be told before the verdict is asked for again, in milliseconds. */
const CALM = 150;

let extension: Extension | undefined;

export function activate(context: vscode.ExtensionContext): void {
  extension = new Extension(context);
  context.subscriptions.push(extension);
  // The commands are there at once; whoever needs the server waits for it.
  void extension.start();
}

export async function deactivate(): Promise<void> {
  await extension?.stop();
}

class Extension implements vscode.Disposable {
  private readonly output = vscode.window.createOutputChannel('wsgi-ls', { log: true });
  private readonly status = new Status();
  private readonly page = new VerdictPage();
  private readonly texts = new RuleTexts(() => this.client);
  private readonly diagnosis = new Diagnosis(() => this.client);
  private readonly owned: vscode.Disposable[] = [this.output, this.status, this.page];
  private client: LanguageClient | undefined;
  private calm: NodeJS.Timeout | undefined;
  /** Starts and stops one after the other: the newest is the last. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly context: vscode.ExtensionContext) {
    const command = (name: string, run: (argument?: string) => unknown) =>
      this.owned.push(vscode.commands.registerCommand(`wsgi-ls.${name}`, run));
    command('showVerdict', () => this.showVerdict());
    command('showDiagnosis', async () => {
      await this.turn;
      await this.diagnosis.show();
    });
    command('explainRule', (rule) => this.texts.show(rule));
    command('applySafeFixes', () => this.applySafeFixes());
    command('touch', async (entry) => touch(await this.ask(), entry));
    command('restart', () => this.restart());
    command('showOutput', () => this.output.show());
    command('openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#why502`, false),
    );
    this.owned.push(
      this.texts.register(),
      this.diagnosis.register(),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.client ?? this.restart()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('wsgi-ls.path')) {
          void this.restart();
        }
      }),
    );
  }

  start(): Promise<void> {
    return this.inTurn(() => this.launch());
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.quit());
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.quit();
      await this.launch();
    });
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work, work);
    return this.turn;
  }

  private async launch(): Promise<void> {
    const found = await locate({
      setting: vscode.workspace.getConfiguration('wsgi-ls').get<string>('path', '').trim(),
      home: os.homedir(),
      extension: this.context.extensionPath,
      folders: vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath) : [],
      environment: process.env,
      windows: process.platform === 'win32',
    });
    if ('lookedAt' in found) {
      this.status.missing();
      void this.tellWhatToDo(found.lookedAt);
      return;
    }
    this.output.info(`Starting ${found.program}, from ${found.from}`);
    // The client is most of the extension's code; loading it here keeps it out of VS Code's start.
    const { makeClient } = await import('./client');
    this.client = makeClient(found.program, this.output, () => this.showVerdict(), () => this.refreshSoon());
    try {
      await this.client.start();
    } catch (error) {
      this.output.error(String(error));
      this.status.missing();
      this.client = undefined;
      void this.offer(`wsgi-ls: ${found.program} does not start: ${error}`);
      return;
    }
    this.refreshSoon();
  }

  private async quit(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose().catch((error) => this.output.warn(String(error)));
  }

  private tellWhatToDo(lookedAt: string[]): Promise<void> {
    const places = lookedAt.join(', ');
    this.output.warn(`No server was found. Looked at: ${places}`);
    return this.offer(
      `wsgi-ls: the server program was not found. Looked at: ${places}. Install it with "cargo install --path ." in a clone of wsgi-ls, or say where it is.`,
    );
  }

  private async offer(problem: string): Promise<void> {
    const [set, log] = ['Set the Path', 'Show Output'];
    const choice = await vscode.window.showErrorMessage(problem, set, log);
    if (choice === set) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'wsgi-ls.path');
    } else if (choice === log) {
      this.output.show();
    }
  }

  private async showVerdict(): Promise<void> {
    this.page.show(await this.ask());
  }

  private async applySafeFixes(): Promise<void> {
    await this.turn;
    if (!this.client) {
      return this.restart();
    }
    const request = { command: 'wsgi-ls.fixAll', arguments: [] };
    const { files } = await this.client.sendRequest<{ files: number }>('workspace/executeCommand', request);
    if (files > 0) {
      void this.offerToSave(files);
    }
  }

  private async offerToSave(files: number): Promise<void> {
    const save = 'Save All';
    const where = files === 1 ? 'one file' : `${files} files`;
    const choice = await vscode.window.showInformationMessage(`Applied all safe fixes, in ${where}.`, save);
    if (choice === save) {
      await vscode.workspace.saveAll();
    }
  }

  /** The newest verdict; nothing where no server runs. */
  private async ask(): Promise<Verdict> {
    await this.turn;
    try {
      return (await this.client?.sendRequest<Verdict>('wsgi-ls/verdict', {})) ?? NOTHING;
    } catch (error) {
      this.output.warn(`No verdict: ${error}`);
      return NOTHING;
    }
  }

  private refreshSoon(): void {
    clearTimeout(this.calm);
    this.calm = setTimeout(async () => {
      if (this.client?.isRunning()) {
        const verdict = await this.ask();
        this.status.show(verdict);
        this.page.update(verdict);
      }
    }, CALM);
  }

  dispose(): void {
    clearTimeout(this.calm);
    vscode.Disposable.from(...this.owned).dispose();
  }
}
