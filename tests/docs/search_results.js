// Prints what the search of the built site finds, as JSON: node search_results.js SITE QUERY...
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const [site, ...queries] = process.argv.slice(2);
const workers = path.join(site, "assets", "javascripts", "workers");
const [worker] = fs.readdirSync(workers).filter((name) => name.endsWith(".js"));

// What a browser gives to the worker, and to the page that asks it.
let handle, answered;
global.self = global;
global.addEventListener = (_, handler) => (handle = handler);
global.postMessage = (message) => answered(message.data);
global.importScripts = () => {};
global.Worker = class {
  postMessage(message) {
    return new Promise((resolve) => {
      answered = resolve;
      handle({ data: message });
    });
  }
};

for (const file of [path.join(workers, worker), path.join(site, "search.js")])
  vm.runInThisContext(fs.readFileSync(file, "utf8"));

(async () => {
  const text = fs.readFileSync(path.join(site, "search", "search_index.json"));
  const page = new Worker();
  const options = { suggest: false };
  await page.postMessage({ type: 0, data: { ...JSON.parse(text), options } });
  const found = {};
  for (const query of queries) {
    const { items } = await page.postMessage({ type: 2, data: query });
    found[query] = items.map((group) => group.map((each) => each.location));
  }
  console.log(JSON.stringify(found));
})();
