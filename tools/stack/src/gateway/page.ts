/** Shows the OpenAPI document without any library: routes by tag, each with its parameters, body and answers. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The arena's API</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1e21 }
  h2 { margin-top: 2.5rem; text-transform: capitalize }
  details { border-top: 1px solid #ddd; padding: .4rem 0 }
  summary { cursor: pointer }
  code, pre { font: 14px/1.45 ui-monospace, monospace }
  pre { background: #f5f6f7; padding: .7rem; overflow: auto; max-height: 24rem }
  .method { display: inline-block; width: 4.2rem; font-weight: 600 }
  .says { color: #555 }
  @media (prefers-color-scheme: dark) {
    body { background: #16181c; color: #e3e5e8 }
    pre { background: #20242a }
    .says { color: #a5abb3 }
    details { border-color: #333 }
  }
</style>
<h1>The arena's API</h1>
<p>Every route of this origin, from its <a href="/v1/openapi.json">OpenAPI document</a>.</p>
<main>Loading</main>
<script>
  const make = (tag, text, ...children) => {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    node.append(...children);
    return node;
  };
  const json = value => make('pre', JSON.stringify(value, null, 2));
  const titled = (title, node) => [make('h4', title), node];
  const show = api => {
    const inline = (value, depth = 0) => {
      if (Array.isArray(value)) return value.map(item => inline(item, depth));
      if (!value || typeof value !== 'object') return value;
      if (value.$ref && depth < 6) {
        return inline(value.$ref.split('/').slice(1).reduce((at, key) => at[key], api), depth + 1);
      }
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inline(item, depth)]));
    };
    const groups = new Map();
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, route] of Object.entries(methods)) {
        const name = make('span', method.toUpperCase());
        name.className = 'method';
        const says = make('span', ' ' + (route.summary ?? ''));
        says.className = 'says';
        const entry = make('details', '', make('summary', '', name, make('code', path), says));
        entry.addEventListener('toggle', () => {
          if (route.description) entry.append(make('p', route.description));
          if (route.parameters?.length) entry.append(...titled('Parameters', json(inline(route.parameters))));
          if (route.requestBody) entry.append(...titled('Body', json(inline(route.requestBody))));
          entry.append(...titled('Answers', json(inline(route.responses))));
        }, { once: true });
        const tag = route.tags?.[0] ?? 'other';
        if (!groups.has(tag)) groups.set(tag, make('section', '', make('h2', tag)));
        groups.get(tag).append(entry);
      }
    }
    document.querySelector('main').replaceChildren(...groups.values());
  };
  fetch('/v1/openapi.json')
    .then(answer => answer.ok ? answer.json() : Promise.reject(new Error('the document is not there')))
    .then(show)
    .catch(error => { document.querySelector('main').textContent = 'Cannot show the API: ' + error.message; });
</script>
</html>
`;
