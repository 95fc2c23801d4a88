export const settingsKeys = {
  apiKeys: () => ["settings", "api-keys"] as const,
  logins: () => ["settings", "logins"] as const,
  /** Under the name that every page with views reads again by. */
  views: () => ["saved-views", "all"] as const,
  everyView: () => ["saved-views"] as const,
};
