/*
Searches a name such as `all_tasks_for_shot` as it is, first, and then its words: whoever
mistypes a name still finds the functions that are about the same. Small words are left
out, because each word also finds what begins with it, as "for" finds "fork".
*/
"use strict";
(() => {
  const QUERY = 2;
  const send = Worker.prototype.postMessage;

  const SMALL = /(?:^|\s)(?:a|all|an|and|by|for|from|in|of|on|or|the|to|with)(?=\s+\S)/gi;

  function widened(typed) {
    const query = typed.replace(SMALL, " ");
    const names = query.match(/\w+_\w+/g) || [];
    return names.reduce((all, name) => {
      const words = name.split("_").filter((word) => word.length > 3);
      return [all, name + "^100", ...words].join(" ");
    }, query);
  }

  Worker.prototype.postMessage = function (message, ...more) {
    if (message && message.type === QUERY && typeof message.data === "string")
      message = { ...message, data: widened(message.data) };
    return send.call(this, message, ...more);
  };
})();
