import { domain } from "verso";

export default domain({
  name: "ai-validation",
  comment: "Validates vision models: what a model detected in a video, against what was really there.",
});
