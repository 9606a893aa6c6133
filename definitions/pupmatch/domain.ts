import { domain } from "verso";

export default domain({ name: "pupmatch", postgres: 15, comment: "Dog-meeting app with geography." });
