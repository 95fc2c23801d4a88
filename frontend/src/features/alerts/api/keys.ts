export const alertKeys = {
  notifications: () => ["notifications"] as const,
  rules: () => ["alerts", "rules"] as const,
  fields: () => ["alerts", "fields"] as const,
  preview: (id: string) => ["alerts", "preview", id] as const,
  channels: () => ["alerts", "channels"] as const,
  deliveries: (query: object) => ["alerts", "deliveries", query] as const,
  allDeliveries: () => ["alerts", "deliveries"] as const,
  /** The same list as the screener's stars. */
  watches: () => ["watches"] as const,
  watchlist: () => ["watches", "page"] as const,
};
