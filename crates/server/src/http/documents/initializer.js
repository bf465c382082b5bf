// Swagger UI of this server.

// Swagger UI names the type of a schema of kinds of facts "object | object | …", once for each kind.
const eachTypeOnce = ({ React, fn }) => ({
  wrapComponents: {
    JSONSchema202012KeywordType: () => ({ schema }) => {
      const type = fn.jsonSchema202012.getType(schema).replace(/object(?: \| object)+/g, "object");
      return React.createElement("strong", { className: "json-schema-2020-12__attribute json-schema-2020-12__attribute--primary" }, type);
    },
  },
});

// Swagger UI works through the whole document for each operation that is opened, and once more for the
// security schemes; each is given what it refers to and no more.
const partByPart = ({ fn: { resolveSubtree } }) => {
  const at = (document, path) => path.reduce((part, name) => part?.[name], document);
  const referredTo = (document, path) => {
    const { paths, components, ...kept } = document;
    const keep = (path) => {
      const part = at(document, path);
      if (part === undefined || at(kept, path) !== undefined) return;
      const above = path.slice(0, -1).reduce((place, name) => (place[name] ??= {}), kept);
      above[path.at(-1)] = part;
      JSON.stringify(part, (name, value) => {
        if (name === "$ref" && String(value).startsWith("#/")) keep(value.slice(2).split("/"));
        return value;
      });
    };
    keep(path);
    return kept;
  };
  return { fn: { resolveSubtree: (document, path, options) => resolveSubtree(referredTo(document, path), path, options) } };
};

window.onload = async () => {
  const token = await window.developmentToken?.();
  window.ui = SwaggerUIBundle({
    url: "/v1/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [eachTypeOnce, partByPart],
    layout: "StandaloneLayout",
    requestInterceptor: (request) => {
      const here = new URL(request.url, location.href).origin === location.origin;
      if (token && here && !request.headers.Authorization) request.headers.Authorization = `Bearer ${token}`;
      return request;
    },
  });
};
