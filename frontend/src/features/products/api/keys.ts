export const productKeys = {
  all: ["products"] as const,
  list: (query: object) => ["products", "list", query] as const,
  contents: (id: string) => ["products", "contents", id] as const,
  detail: (id: string) => ["products", "detail", id] as const,
};
