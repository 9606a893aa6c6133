import { describe, expect, test } from "vitest";
import { textsLike, textsMatching } from "../../compiler/rows/patterns.ts";
import { constantsOf } from "../../compiler/rows/values.ts";

describe("texts that match a pattern", () => {
  test.each([
    "^[^@]+@[^@]+$",
    "^[a-z0-9]+(?:-[a-z0-9]+)*$",
    "^#[0-9a-fA-F]{6}$",
    "^\\+?[1-9]\\d{1,14}$",
    "^(DE|AT|CH)-\\d{4,5}$",
    "^[A-Z]{2}\\d{2}[A-Z0-9]{11,30}$",
    "^https?://[\\w.-]+(/.*)?$",
    "^\\d+\\.\\d+\\.\\d+(-[a-z]+)?$",
    "^.{3,5}$",
    "^[]a]+$",
    "^[^a-z]$",
  ])("%s", (pattern) => {
    const texts = textsMatching(pattern, 6);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toMatch(new RegExp(pattern.replace("[]a]", "[\\]a]")));
  });

  test("POSIX classes and options in front", () => {
    for (const text of textsMatching("(?i)^[[:alpha:]][[:alnum:]_]{2}$", 6)) expect(text).toMatch(/^[a-z]\w{2}$/i);
  });

  test("nothing for a pattern that cannot be read to its end", () => {
    expect(textsMatching("a)b", 3)).toEqual([]);
  });

  test("wildcards of LIKE are filled, escaped ones kept", () => {
    expect(textsLike("INV-__-%")).toEqual(["INV-aa-", "INV-aa-a", "INV-aa-ab1"]);
    expect(textsLike("100\\%")).toEqual(["100%", "100%", "100%"]);
    expect(textsLike("plain")).toEqual([]);
  });
});

test("constants are taken from printed expressions: quoted, escaped, negative, in arrays", () => {
  const { texts, numbers } = constantsOf([
    "((a = ANY (ARRAY['it''s'::text, E'back\\\\slash'::text])) AND (b >= '-1.5'::numeric))",
    "((c1 > 10) AND (c1 < 2.5e3) AND (d <> 'x 7'::text))",
  ]);
  expect(texts).toEqual(["it's", "back\\slash", "-1.5", "x 7"]);
  expect(numbers).toEqual([-1.5, 10, 2500]);
});
