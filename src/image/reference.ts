// Image references: which texts docker takes for the name of a tag.

/** Grammar of github.com/distribution/reference: [domain[:port]/]path[:tag], no digest. */
const REFERENCE =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?$/;

/** What docker takes for an image's id. */
const ID = /^[0-9a-f]{64}$/;

/** Whether a text can be a tag, at most 255 characters of name. */
export function isTagReference(text: string): boolean {
  const name = repositoryOf(text);
  return name.length <= 255 && REFERENCE.test(text) && !ID.test(name);
}

/** A reference without its tag. */
export function repositoryOf(reference: string): string {
  return reference.replace(/:[^:/]+$/, '');
}

/** A tag reference in its parts, as docker reads it: a first part with a dot, a colon or `localhost` is a registry, all else is on Docker Hub. */
export function splitReference(reference: string): { readonly registry: string; readonly path: string; readonly tag: string } {
  const repository = repositoryOf(reference);
  const tag = reference.slice(repository.length + 1) || 'latest';
  const [first = '', ...rest] = repository.split('/');
  const named = rest.length > 0 && /[.:]|^localhost$/.test(first);
  if (named) return { registry: first, path: rest.join('/'), tag };
  return { registry: 'registry-1.docker.io', path: rest.length === 0 ? `library/${repository}` : repository, tag };
}
