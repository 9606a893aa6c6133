import { domain } from "verso";

export default domain({
  name: "pixcrawler",
  comment: "Crawls the web for images and makes data sets of them.",
  // The database was there first: tables without a constraint, and rows that no constraint ever looked at.
  startsFrom: "legacy.sql",
});
