// Drives one VS Code through the stories that its users live. Started by run.py, which says what the members of the argument are.
import { end, tell, told } from './driver.mjs';

for (const [name, folder] of [['story', told.project], ['tour', told.tour], ['beside', told.beside]]) {
  if (told.stories.includes(name)) {
    await tell(folder, (await import(`./${name}.mjs`)).steps);
  }
}
await end();
