import { domain } from "verso";

export default domain({
  name: "photo-identifier",
  comment: "One platform for sixteen apps that say what a photo shows: plants, coins, dogs, meals …",
});
