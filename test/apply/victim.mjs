// Applies the migrations given on standard input and is killed while the enum value is added: done, and not recorded.
import { createJiti } from "jiti";

const jiti = createJiti(import.meta.url);
const { apply } = await jiti.import("../../compiler/apply/apply.ts");
const { openServerSession } = await jiti.import("../../compiler/session/server.ts");

let text = "";
for await (const chunk of process.stdin) text += chunk;
const session = await openServerSession(process.env.VICTIM_URL);
await apply(
  {
    ...session,
    async run(script) {
      await session.run(script);
      if (script.includes("ADD VALUE")) process.kill(process.pid, "SIGKILL");
    },
  },
  JSON.parse(text),
);
