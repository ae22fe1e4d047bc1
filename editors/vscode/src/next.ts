// What is left to do after a fix that changes several files: a message, shown by the command of the action.
import * as vscode from 'vscode';

/** The server's command; its argument is the text. */
const COMMAND = 'wsgi-ls.nextSteps';
/** VS Code asks for actions at every move of the cursor; no more menus than this are open. */
const KEPT = 50;

/**
 * VS Code forgets the arguments of an action's command once the menu is closed, which is before the command is run when an edit takes its time.
 * So each text gets a command of its own, without arguments.
 */
export class NextSteps implements vscode.Disposable {
  private readonly commands: vscode.Disposable[] = [];
  private count = 0;

  /** The same actions, with commands that are not forgotten. */
  kept<Action extends vscode.Command | vscode.CodeAction>(actions: Action[] | null | undefined): Action[] | null | undefined {
    for (const action of actions ?? []) {
      const command = action.command;
      if (typeof command === 'object' && command.command === COMMAND) {
        (action as vscode.CodeAction).command = { title: command.title, command: this.register(String(command.arguments?.[0])) };
      }
    }
    return actions;
  }

  private register(text: string): string {
    const name = `${COMMAND}.${(this.count += 1)}`;
    this.commands.push(vscode.commands.registerCommand(name, () => void vscode.window.showInformationMessage(text)));
    if (this.commands.length > KEPT) {
      this.commands.shift()?.dispose();
    }
    return name;
  }

  dispose(): void {
    vscode.Disposable.from(...this.commands).dispose();
  }
}
