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

window.onload = async () => {
  const token = await window.developmentToken?.();
  window.ui = SwaggerUIBundle({
    url: "/v1/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [eachTypeOnce],
    layout: "StandaloneLayout",
    requestInterceptor: (request) => {
      const here = new URL(request.url, location.href).origin === location.origin;
      if (token && here && !request.headers.Authorization) request.headers.Authorization = `Bearer ${token}`;
      return request;
    },
  });
};
