import { serveBroken } from "./serve-broken.ts";

// BROKEN: a PATCH is taken at whatever offset the upload stands, so that a repeated one is appended once more.
await serveBroken({
  routes: (routes) => {
    const head = routes.find((route) => route.method === "HEAD" && /\/uploads\/:/.test(route.path));
    if (head === undefined) throw new Error("there is no HEAD of an upload to ask");
    return routes.map((route) =>
      route.method !== "PATCH" || route.path !== head.path
        ? route
        : {
            ...route,
            async handle(context) {
              const answer = await head.handle(context);
              const names = Object.entries(answer.headers ?? {});
              const now = names.find(([name]) => name.toLowerCase() === "upload-offset")?.[1];
              return await route.handle({ ...context, headers: { ...context.headers, "upload-offset": String(now) } });
            },
          },
    );
  },
});
