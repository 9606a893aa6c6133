import { domain } from "verso";

export default domain({
  name: "ai-validation",
  pool: { size: 25, overflow: 50 },
  comment: "Validates vision models: what a model detected in a video, against what was really there.",
});
