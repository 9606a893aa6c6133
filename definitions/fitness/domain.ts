import { domain } from "verso";
import { extensions, fitness } from "./schemas.ts";

export default domain({
  name: "fitness",
  schema: fitness,
  searchPath: [fitness, extensions],
  postgres: 15,
  comment: "Multi-user health and fitness tracker, with coaches.",
});
