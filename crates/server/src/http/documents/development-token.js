// On a development server every request has a token of the development issuer, of a guide of the
// demo. Pick another person on the start page of this server to see another part.
window.developmentToken = async () => {
  const answer = await fetch("/development/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: "cosis", role: "guide", actor: "swagger-ui" }),
  });
  return answer.ok ? (await answer.json()).access_token : undefined;
};

