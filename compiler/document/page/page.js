import { openDiagram } from "./diagram.js";
import { goToHash } from "./places.js";
import "./search.js";

const canvas = document.getElementById("canvas");
if (canvas) openDiagram(canvas);
goToHash();
