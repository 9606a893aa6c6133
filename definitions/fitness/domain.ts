import { domain } from "verso";
import { fitnessOwner } from "./roles.ts";
import { extensions, fitness } from "./schemas.ts";

export default domain({
  name: "fitness",
  schema: fitness,
  searchPath: [fitness, extensions],
  owner: fitnessOwner,
  postgres: 15,
  comment: "Multi-user health and fitness tracker, with coaches.",
});
