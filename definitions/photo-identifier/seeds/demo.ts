import { seed } from "verso";
import { coin_identifications } from "../collectibles.ts";
import { collection_photos, collections } from "../collections.ts";
import { dog_identifications, vehicle_identifications } from "../companions.ts";
import { calo_identifications, musclefit_identifications } from "../health.ts";
import { bird_identifications, mushroom_identifications, plant_identifications } from "../nature.ts";
import { photo_identifications, photos } from "../photos.ts";
import { users } from "../users.ts";

export const demoUsers = seed(users, {
  environments: ["demo"],
  key: ["email"],
  rows: {
    demo: {
      id: "10000000-0000-4000-8000-000000000001",
      email: "demo@example.com",
      password_hash: "no login: seeds have no password",
      display_name: "Demo",
      preferences: {
        apps: ["plant", "mushroom", "bird", "coin", "calo", "musclefit", "dog", "vehicle"],
        theme: "system",
        units: "metric",
      },
      email_verified_at: "2026-01-01 00:00:00+00",
    },
  },
});

export const demoPhotos = seed(photos, {
  environments: ["demo"],
  key: ["url"],
  rows: {
    monstera: {
      id: "20000000-0000-4000-8000-000000000001",
      user_id: demoUsers.rows.demo.id,
      url: "demo://monstera.jpg",
      original_filename: "monstera.jpg",
      mime_type: "image/jpeg",
      byte_size: 812034n,
      width: 4000,
      height: 3000,
      caption: "On the window sill",
      metadata: { camera: "Pixel 9" },
      tags: ["plant", "home"],
      status: "identified",
      taken_at: "2026-01-02 10:00:00+00",
    },
    flyAgaric: {
      id: "20000000-0000-4000-8000-000000000002",
      user_id: demoUsers.rows.demo.id,
      url: "demo://fly-agaric.jpg",
      original_filename: "fly-agaric.jpg",
      mime_type: "image/jpeg",
      byte_size: 1520113n,
      width: 4000,
      height: 3000,
      caption: "Under the birches",
      metadata: { iso: 200, camera: "Pixel 9" },
      tags: ["forest", "red"],
      status: "identified",
      taken_at: "2026-01-03 11:30:00+00",
      latitude: 47.3769,
      longitude: 8.5417,
    },
    robin: {
      id: "20000000-0000-4000-8000-000000000003",
      user_id: demoUsers.rows.demo.id,
      url: "demo://robin.jpg",
      original_filename: "robin.jpg",
      mime_type: "image/jpeg",
      byte_size: 640220n,
      width: 3000,
      height: 2000,
      caption: "At the feeder",
      metadata: { lens: "400 mm" },
      tags: ["bird", "garden"],
      status: "identified",
      taken_at: "2026-01-04 08:15:00+00",
      latitude: 47.3769,
      longitude: 8.5417,
    },
    morgan1921: {
      id: "20000000-0000-4000-8000-000000000004",
      user_id: demoUsers.rows.demo.id,
      url: "demo://morgan.png",
      original_filename: "morgan-1921.png",
      mime_type: "image/png",
      byte_size: 2250000n,
      width: 2400,
      height: 2400,
      caption: "From grandfather's box",
      tags: ["coin", "silver"],
      status: "identified",
      taken_at: "2026-01-05 19:00:00+00",
    },
    lunch: {
      id: "20000000-0000-4000-8000-000000000005",
      user_id: demoUsers.rows.demo.id,
      url: "demo://lunch.webp",
      original_filename: "lunch.webp",
      mime_type: "image/webp",
      byte_size: 330000n,
      width: 1600,
      height: 1200,
      caption: "Lunch",
      tags: ["food"],
      status: "identified",
      taken_at: "2026-01-06 12:10:00+00",
    },
    squat: {
      id: "20000000-0000-4000-8000-000000000006",
      user_id: demoUsers.rows.demo.id,
      url: "demo://squat.jpg",
      original_filename: "squat.jpg",
      mime_type: "image/jpeg",
      byte_size: 700000n,
      width: 1920,
      height: 1080,
      caption: "Third set",
      tags: ["gym"],
      status: "identified",
      taken_at: "2026-01-07 18:40:00+00",
    },
    rex: {
      id: "20000000-0000-4000-8000-000000000007",
      user_id: demoUsers.rows.demo.id,
      url: "demo://rex.heic",
      original_filename: "rex.heic",
      mime_type: "image/heic",
      byte_size: 910000n,
      width: 4032,
      height: 3024,
      caption: "Rex at the lake",
      metadata: { camera: "iPhone 16" },
      tags: ["dog", "lake"],
      status: "identified",
      taken_at: "2026-01-08 16:20:00+00",
      latitude: 47.2,
      longitude: 8.6,
    },
    beetle: {
      id: "20000000-0000-4000-8000-000000000008",
      user_id: demoUsers.rows.demo.id,
      url: "demo://beetle.jpg",
      original_filename: "beetle.jpg",
      mime_type: "image/jpeg",
      byte_size: 1200000n,
      width: 4000,
      height: 3000,
      caption: "Seen in town",
      tags: ["car", "red"],
      taken_at: "2026-01-09 09:00:00+00",
    },
  },
});

export const demoCollections = seed(collections, {
  environments: ["demo"],
  key: ["user_id", "name"],
  rows: {
    outOfDoors: {
      id: "40000000-0000-4000-8000-000000000001",
      user_id: demoUsers.rows.demo.id,
      name: "Out of doors",
      description: "What lives around the house",
      cover_photo_id: demoPhotos.rows.robin.id,
      is_public: true,
    },
    worthSomething: {
      id: "40000000-0000-4000-8000-000000000002",
      user_id: demoUsers.rows.demo.id,
      name: "Worth something",
    },
  },
});

export const demoCollectionPhotos = seed(collection_photos, {
  environments: ["demo"],
  key: ["collection_id", "photo_id"],
  rows: {
    monstera: {
      collection_id: demoCollections.rows.outOfDoors.id,
      photo_id: demoPhotos.rows.monstera.id,
      position: 0,
    },
    flyAgaric: {
      collection_id: demoCollections.rows.outOfDoors.id,
      photo_id: demoPhotos.rows.flyAgaric.id,
      position: 1,
    },
    robin: {
      collection_id: demoCollections.rows.outOfDoors.id,
      photo_id: demoPhotos.rows.robin.id,
      position: 2,
    },
    morgan: {
      collection_id: demoCollections.rows.worthSomething.id,
      photo_id: demoPhotos.rows.morgan1921.id,
      position: 0,
    },
  },
});

export const demoPhotoIdentifications = seed(photo_identifications, {
  environments: ["demo"],
  key: ["photo_id", "app"],
  rows: {
    monsteraDeliciosa: {
      id: "30000000-0000-4000-8000-000000000001",
      photo_id: demoPhotos.rows.monstera.id,
      app: "plant",
      label: "Monstera deliciosa",
      confidence: "0.972",
      alternatives: [{ label: "Monstera adansonii", confidence: 0.02 }],
      status: "confirmed",
      reviewed_by: demoUsers.rows.demo.id,
      reviewed_at: "2026-01-02 10:05:00+00",
      model_version: "plants-3",
      processing_ms: 410,
    },
    flyAgaric: {
      id: "30000000-0000-4000-8000-000000000002",
      photo_id: demoPhotos.rows.flyAgaric.id,
      app: "mushroom",
      label: "Fly agaric",
      confidence: "0.945",
      model_version: "mushrooms-5",
      processing_ms: 520,
    },
    europeanRobin: {
      id: "30000000-0000-4000-8000-000000000003",
      photo_id: demoPhotos.rows.robin.id,
      app: "bird",
      label: "European robin",
      confidence: "0.991",
      status: "confirmed",
      reviewed_by: demoUsers.rows.demo.id,
      reviewed_at: "2026-01-04 08:20:00+00",
      model_version: "birds-2",
      processing_ms: 300,
    },
    morganDollar: {
      id: "30000000-0000-4000-8000-000000000004",
      photo_id: demoPhotos.rows.morgan1921.id,
      app: "coin",
      label: "Morgan dollar",
      confidence: "0.880",
      alternatives: [{ label: "Peace dollar", confidence: 0.1 }],
      model_version: "coins-1",
      processing_ms: 610,
    },
    caesarSalad: {
      id: "30000000-0000-4000-8000-000000000005",
      photo_id: demoPhotos.rows.lunch.id,
      app: "calo",
      label: "Caesar salad",
      confidence: "0.810",
      alternatives: [{ label: "Greek salad", confidence: 0.12 }],
      model_version: "meals-4",
      processing_ms: 700,
    },
    backSquat: {
      id: "30000000-0000-4000-8000-000000000006",
      photo_id: demoPhotos.rows.squat.id,
      app: "musclefit",
      label: "Back squat",
      confidence: "0.930",
      model_version: "form-2",
      processing_ms: 480,
    },
    borderCollie: {
      id: "30000000-0000-4000-8000-000000000007",
      photo_id: demoPhotos.rows.rex.id,
      app: "dog",
      label: "Border collie",
      confidence: "0.900",
      status: "rejected",
      reviewed_by: demoUsers.rows.demo.id,
      reviewed_at: "2026-01-08 16:30:00+00",
      model_version: "dogs-3",
      processing_ms: 350,
    },
    volkswagenBeetle: {
      id: "30000000-0000-4000-8000-000000000008",
      photo_id: demoPhotos.rows.beetle.id,
      app: "vehicle",
      label: "Volkswagen Beetle",
      confidence: "0.960",
      model_version: "cars-2",
      processing_ms: 390,
    },
  },
});

export const demoBirdIdentifications = seed(bird_identifications, {
  environments: ["demo"],
  key: ["photo_identification_id"],
  rows: {
    europeanRobin: {
      photo_identification_id: demoPhotoIdentifications.rows.europeanRobin.id,
      common_name: "European robin",
      scientific_name: "Erithacus rubecula",
      family: "Muscicapidae",
      genus: "Erithacus",
      species: "rubecula",
      conservation_status: "LC",
      wingspan_cm: "21.0",
      habitats: ["garden", "forest"],
    },
  },
});

export const demoCaloIdentifications = seed(calo_identifications, {
  environments: ["demo"],
  key: ["photo_identification_id"],
  rows: {
    caesarSalad: {
      photo_identification_id: demoPhotoIdentifications.rows.caesarSalad.id,
      food_name: "Caesar salad",
      meal: "lunch",
      serving_g: "350.0",
      calories: "470.0",
      nutrition: { minerals: { calcium: 290 } },
      protein_g: "21.0",
      carbohydrates_g: "18.0",
      fat_g: "36.0",
      fibre_g: "4.0",
      ingredients: ["romaine", "parmesan", "croutons", "anchovy"],
      allergens: ["gluten", "milk", "fish", "egg"],
    },
  },
});

export const demoCoinIdentifications = seed(coin_identifications, {
  environments: ["demo"],
  key: ["photo_identification_id"],
  rows: {
    morgan: {
      photo_identification_id: demoPhotoIdentifications.rows.morganDollar.id,
      denomination: "One dollar",
      mint_mark: "D",
      composition: "90 % silver",
      country: "United States",
      year: 1921,
      rarity: "common",
      value_low: "30.00",
      value_high: "45.00",
    },
  },
});

export const demoDogIdentifications = seed(dog_identifications, {
  environments: ["demo"],
  key: ["photo_identification_id"],
  rows: {
    borderCollie: {
      photo_identification_id: demoPhotoIdentifications.rows.borderCollie.id,
      breed: "Border collie",
      mixed_with: ["Australian shepherd"],
      age: "adult",
      temperament: ["alert", "eager"],
      size: "medium",
      exercise_needs: "high",
    },
  },
});

export const demoMusclefitIdentifications = seed(musclefit_identifications, {
  environments: ["demo"],
  key: ["photo_identification_id"],
  rows: {
    backSquat: {
      photo_identification_id: demoPhotoIdentifications.rows.backSquat.id,
      exercise_name: "Back squat",
      equipment: ["barbell", "rack"],
      movement: "squat",
      muscles: ["quadriceps", "gluteus maximus"],
      secondary_muscles: ["hamstrings", "erector spinae"],
      biomechanics: { plane: "sagittal", faults: ["knees cave in"] },
      form_score: "0.720",
    },
  },
});

export const demoMushroomIdentifications = seed(mushroom_identifications, {
  environments: ["demo"],
  key: ["photo_identification_id"],
  rows: {
    flyAgaric: {
      photo_identification_id: demoPhotoIdentifications.rows.flyAgaric.id,
      common_name: "Fly agaric",
      scientific_name: "Amanita muscaria",
      family: "Amanitaceae",
      genus: "Amanita",
      species: "muscaria",
      edibility: "poisonous",
      toxicity: "severe",
      toxins: ["muscimol", "ibotenic acid"],
      lookalikes: ["Amanita caesarea"],
      safety_warning: "Poisonous. Do not eat.",
    },
  },
});

export const demoPlantIdentifications = seed(plant_identifications, {
  environments: ["demo"],
  key: ["photo_identification_id"],
  rows: {
    swissCheesePlant: {
      photo_identification_id: demoPhotoIdentifications.rows.monsteraDeliciosa.id,
      common_name: "Swiss cheese plant",
      scientific_name: "Monstera deliciosa",
      family: "Araceae",
      genus: "Monstera",
      species: "deliciosa",
      characteristics: ["split leaves", "climber"],
      toxicity: "mild",
      edibility: "partly edible",
      care: { light: "bright, indirect", water: "weekly" },
    },
  },
});

export const demoVehicleIdentifications = seed(vehicle_identifications, {
  environments: ["demo"],
  key: ["photo_identification_id"],
  rows: {
    beetle: {
      photo_identification_id: demoPhotoIdentifications.rows.volkswagenBeetle.id,
      make: "Volkswagen",
      model: "Beetle",
      year: 1967,
      body_style: "saloon",
      fuel: "petrol",
      specs: { doors: 2, engine: "1.5 l flat four", power_kw: 32 },
    },
  },
});
