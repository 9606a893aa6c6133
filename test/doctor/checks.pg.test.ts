import { NEWEST } from "../servers.ts";
import { describeChecks } from "./checks.ts";

describeChecks(NEWEST);
