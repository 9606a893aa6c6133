import { domain } from "verso";

export default domain({ name: "pupmatch", comment: "Dog-meeting app with geography." });
