// Short names for the shapes of the generated schema. Money and ratios are decimal text.

import type { components, paths } from "./schema.gen";

export type Schemas = components["schemas"];
type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;

export type RiskLevel = Schemas["RiskLevelEnum"];
export type Category = Schemas["CategoryEnum"];
export type ProductType = Schemas["ProductTypeEnum"];
/** Answers always carry these; the schema calls fields with a default optional because it thinks of requests. */
interface Complete {
  sealed_product: Required<Schemas["SealedProduct"]>;
}
export type Opportunity = Omit<Schemas["Opportunity"], keyof Complete> & Complete;
export type OpportunityDetail = Omit<Schemas["OpportunityDetail"], keyof Complete | "fee_schedule"> &
  Complete & { fee_schedule: Required<Schemas["AppliedFees"]> | null };
export type Explanation = Schemas["Explanation"];
export type Factors = Schemas["Factors"];
export type Factor = Schemas["Factor"];
export type FactorName = keyof Factors;
export type Percentiles = Schemas["Percentiles"];
export type ContentsLine = Schemas["ContentsValue"];
export type Distribution = Schemas["Distribution"];
export type WaterfallStep = Schemas["WaterfallStep"];
export type Summary = Schemas["Summary"];
export type Product = Schemas["Product"];
export type Contents = Schemas["Contents"];
export type ContentsEntry = Schemas["ContentLine"];
export type Price = Schemas["CurrentPrice"];
export type PriceRecord = Schemas["PriceHistory"];
/** The calculator's assumptions of one person: decimals as text, shares from 0 to 1; what is left out is the policy's. */
export interface FeeProfile {
  fee_rate?: string;
  fixed_cost?: string;
  shipping?: string;
  sell_through?: string;
}

/** What a person settles about their own dashboard. */
export interface Profile {
  time_zone: string;
  currency: string;
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  fee_profile: FeeProfile;
}

export type Role = NonNullable<Schemas["Session"]["user"]>["role"];
export type SessionUser = { username: string; role: Role; time_zone: string; email?: string; is_staff?: boolean } & Partial<Profile>;
export type Session = Omit<Schemas["Session"], "user"> & { user: SessionUser | null };
type JobFailure = Required<Schemas["JobError"]>;
export type Job = Omit<Schemas["Job"], "errors"> & { errors: readonly JobFailure[] };
export type JobState = Job["state"];
export type JobPage = Omit<Schemas["PaginatedJobList"], "results"> & { results: Job[] };
export type Source = Schemas["Source"];
export type SourceRoute = Schemas["SourceRoute"];
export type Host = Schemas["Breaker"];
export type Coverage = Schemas["Coverage"];
export type OpportunityPage = Omit<Schemas["PaginatedOpportunityList"], "results"> & { results: Opportunity[] };

export type OpportunityQuery = Query<"/api/v1/opportunities/">;
export type JobQuery = Query<"/api/v1/jobs/">;
export type ProductQuery = Query<"/api/v1/products/">;
