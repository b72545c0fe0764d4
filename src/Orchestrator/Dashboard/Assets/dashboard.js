// What only the browser can do for the pages. Everything else is rendered by the server.
window.versemi = (() => {
  const key = name => `versemi.${name}`;

  // Idempotency-Key: a request that is sent twice by a shaky line is one act.
  async function act(method, path, body) {
    try {
      const headers = { 'Idempotency-Key': crypto.randomUUID?.() ?? String(Math.random()) };
      if (body !== null && body !== undefined) headers['Content-Type'] = 'application/json';
      const answer = await fetch(path, { method, headers, body: headers['Content-Type'] ? JSON.stringify(body) : undefined });
      return answer.ok ? null : await refusal(answer);
    } catch (error) {
      return `The platform does not answer: ${error.message}`;
    }
  }

  async function refusal(answer) {
    try {
      const problem = await answer.json();
      return problem.detail || problem.title || `Refused (${answer.status}).`;
    } catch {
      return `Refused: ${answer.status} ${answer.statusText}`;
    }
  }

  function meet() {
    const chosen = localStorage.getItem(key('dark'));
    return {
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      offsetMinutes: new Date().getTimezoneOffset(),
      name: localStorage.getItem(key('name')),
      dark: chosen ? chosen === 'yes' : matchMedia('(prefers-color-scheme: dark)').matches,
    };
  }

  const remember = (name, value) => localStorage.setItem(key(name), value);

  return { act, refusal, meet, remember };
})();
