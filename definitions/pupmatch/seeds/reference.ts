import { seed } from "verso";
import { playgrounds } from "../places.ts";

export const referencePlaygrounds = seed(playgrounds, {
  environments: ["reference"],
  key: ["name"],
  rows: {
    tompkinsSquareDogRun: {
      id: "pg-tompkins",
      name: "Tompkins Square dog run",
      address: "East 9th Street, New York",
      location: { type: "Point", coordinates: [-73.9816, 40.7265] },
    },
    carlSchurzPark: {
      id: "pg-carl-schurz",
      name: "Carl Schurz Park",
      address: "East 87th Street, New York",
      location: { type: "Point", coordinates: [-73.9437, 40.7753] },
    },
    prospectParkDogBeach: {
      id: "pg-prospect",
      name: "Prospect Park dog beach",
      address: "Brooklyn",
      location: { type: "Point", coordinates: [-73.9724, 40.664] },
    },
  },
});
