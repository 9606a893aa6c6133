import { extension } from "verso";

export const postgis = extension("postgis", { keep: true });
