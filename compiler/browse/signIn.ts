import { scriptOf, styleOf } from "../document/pageFiles.ts";
import { escapeXml } from "../document/svg.ts";

/** Where in an address the token stands: browsers send nothing behind `#` to anybody. */
export const TOKEN_MARK = "#token=";

/** Takes the token out of the address, or asks for it, and puts the schema's page in the place of this one. */
export const SIGN_IN_SCRIPT = scriptOf(new URL("page/signIn.js", import.meta.url));

const STYLE = styleOf(new URL("page/signIn.css", import.meta.url));

/** The page that anybody gets: it says nothing of the schema. */
export const signInPage = (domain: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(domain)}: schema</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeXml(domain)}: schema</h1>
<form data-mark="${TOKEN_MARK}" hidden>
<label for="token">Token</label>
<input name="username" autocomplete="username" value="${escapeXml(domain)}" hidden>
<div><input id="token" name="token" type="password" autocomplete="current-password" required><button>Open</button></div>
<p>The one that <code>verso serve</code> reads from <code>VERSO_READ_TOKEN</code>, or said when it started.</p>
</form>
<p id="said" role="status"></p>
<pre hidden></pre>
</main>
<script>${SIGN_IN_SCRIPT}</script>
</body>
</html>
`;
