// Swagger UI of a development server: every request has a token of the development issuer, of a
// guide of the demo. Pick another person on the start page of this server to see another part.
window.onload = async () => {
  const answer = await fetch("/development/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: "cosis", role: "guide", actor: "swagger-ui" }),
  });
  const token = answer.ok ? (await answer.json()).access_token : undefined;
  window.ui = SwaggerUIBundle({
    url: "/v1/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: "StandaloneLayout",
    requestInterceptor: (request) => {
      const here = new URL(request.url, location.href).origin === location.origin;
      if (token && here && !request.headers.Authorization) request.headers.Authorization = `Bearer ${token}`;
      return request;
    },
  });
};
