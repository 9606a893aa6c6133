import { MAJORS, NEWEST } from "../servers.ts";
import { describeChecks } from "./checks.ts";

for (const on of ["embedded" as const, ...MAJORS.filter((major) => major !== NEWEST)]) describeChecks(on);
