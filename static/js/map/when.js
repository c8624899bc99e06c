// The instants that a map is of, as a part of a query: "at=…&vs=…"; empty: now.

export function queryOf({ at, vs }) {
  const asked = new URLSearchParams();
  if (at) asked.set("at", at);
  if (vs) asked.set("vs", vs);
  return asked.toString();
}
