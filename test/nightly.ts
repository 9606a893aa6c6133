// `npm run test:nightly`: thousands of evolutions between generated schemas, others every night, on every supported version
// or on those that VERSO_TEST_MAJORS names.
process.env.VERSO_RUNS ??= "100";
process.env.VERSO_SEED ??= String(Math.floor(Date.now() / 1000) % 2 ** 31);
process.argv.push("test/generative");
await import("./matrix.ts");
