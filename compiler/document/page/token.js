/** Where a page keeps the token that it was opened with: as long as its tab is open, and for this service alone. */
export const TOKEN_KEY = "verso-token";
