const HOME = "/library";

/** A path of this site to go on to; anything else, and the door itself or the API, is the first page. */
export function ownPath(to: string | undefined, publicUrl: string): string {
  if (to?.startsWith("/") !== true || to.startsWith("//")) return HOME;
  // Read as a browser reads it: backslashes and tabs in an address are not what they seem.
  const { origin } = new URL(publicUrl);
  if (!URL.canParse(to, origin)) return HOME;
  const url = new URL(to, origin);
  const path = url.pathname + url.search + url.hash;
  return url.origin === origin && !path.startsWith("//") && !/^\/(api|sign-in)\b/.test(path) ? path : HOME;
}
