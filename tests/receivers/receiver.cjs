// A receiver on the npm libraries `standardwebhooks` and `cloudevents`: `receiver.cjs PORT FILE`, like receiver.py.
const fs = require("node:fs");
const http = require("node:http");
const { HTTP } = require("cloudevents");
const { Webhook } = require("standardwebhooks");

const [port, file] = process.argv.slice(2);
let secret;

http
  .createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces).toString();
      if (request.method === "PUT") {
        secret = body;
        return response.writeHead(204).end();
      }
      try {
        new Webhook(secret).verify(body, request.headers);
      } catch (error) {
        console.error("refused:", error.message);
        return response.writeHead(401).end();
      }
      const event = HTTP.toEvent({ headers: request.headers, body });
      event.validate();
      if (event.id !== request.headers["webhook-id"]) throw new Error("the ids differ");
      fs.appendFileSync(file, `${event.type} ${event.subject ?? "None"} ${event.data.version ?? "None"} ${event.id}\n`);
      response.writeHead(204).end();
    });
  })
  .listen(Number(port), "127.0.0.1");
