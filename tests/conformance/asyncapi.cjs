// Checks that the AsyncAPI document is valid, with the parser of the standard's authors: `asyncapi.cjs FILE`.
const fs = require("node:fs");
const { Parser } = require("@asyncapi/parser");

new Parser().parse(fs.readFileSync(process.argv[2], "utf8")).then(({ document, diagnostics }) => {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 0);
  errors.forEach((error) => console.error(error.path.join("/"), error.message));
  if (errors.length > 0 || !document) process.exit(1);
  console.log(`AsyncAPI ${document.version()}: ${document.allMessages().length} messages, valid`);
});
