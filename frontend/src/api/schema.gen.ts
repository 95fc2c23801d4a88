import type { Explanation, Opportunity, OpportunityDetail, Page, Price, PriceRecord, Product, Session, Summary } from "./types";

type Query = Record<string, string | number | boolean | undefined>;
interface Get<T, Path = never> {
  get: {
    parameters: { query?: Query; path: Path };
    responses: { 200: { content: { "application/json": T } } };
  };
}
interface List<T> {
  get: { parameters: { query?: Query }; responses: { 200: { content: { "application/json": T } } } };
}
interface ById {
  id: string;
}

export interface paths {
  "/api/v1/opportunities/": List<Page<Opportunity>>;
  "/api/v1/opportunities/{id}/": Get<OpportunityDetail, ById>;
  "/api/v1/opportunities/{id}/explain/": Get<Explanation, ById>;
  "/api/v1/opportunities/stats/summary/": List<Summary>;
  "/api/v1/products/": List<Page<Product>>;
  "/api/v1/products/{id}/": Get<Product, ById>;
  "/api/v1/products/{id}/prices/": Get<Page<Price>, ById>;
  "/api/v1/products/{id}/price-history/": Get<Omit<Page<PriceRecord>, "count">, ById>;
  "/api/v1/session/": {
    get: { parameters: object; responses: { 200: { content: { "application/json": Session } } } };
    post: {
      parameters: object;
      requestBody: { content: { "application/json": { username: string; password: string } } };
      responses: { 200: { content: { "application/json": Session } } };
    };
    delete: { parameters: object; responses: { 204: { content?: never } } };
  };
}
