import { domain } from "verso";

export default domain({
  name: "pupmatch",
  postgres: 15,
  pool: { size: 20, overflow: 10 },
  comment: "Dog-meeting app with geography.",
});
