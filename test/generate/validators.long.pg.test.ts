// The same, with many more values and rows.
import "./validators.pg.test.ts";
