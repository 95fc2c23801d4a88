import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";
import { page, problem } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const LIST = "http://localhost/api/v1/opportunities/";

/** Answer the list and remember what was asked. */
function serve(rows = [makeOpportunity()], count = rows.length): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(LIST, ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json(page(rows, count));
    }),
  );
  return asked;
}

describe("URL state", () => {
  it("asks the API for what the URL says", async () => {
    const asked = serve();

    renderApp("/opportunities?risk_level=low,medium&margin_min=10&ordering=-net_profit&page=2&page_size=25");
    await screen.findByRole("table", { name: "Opportunities" });

    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      risk_level: "low,medium", margin_min: "10", ordering: "-net_profit", page: "2", page_size: "25",
    });
    expect(screen.getByLabelText("Net margin, %, at least")).toHaveValue("10");
    expect(screen.getByRole("columnheader", { name: /Profit/ })).toHaveAttribute("aria-sort", "descending");
  });

  it("puts filters into the URL and takes them back with the back button", async () => {
    const asked = serve();
    const { user, search, history } = renderApp("/opportunities?page=3");

    await user.click(await screen.findByRole("button", { name: "Low risk" }));
    await waitFor(() => expect(search()).toEqual({ risk_level: "low" }));
    await waitFor(() => expect(asked.at(-1)?.get("risk_level")).toBe("low"));

    history.back();
    await waitFor(() => expect(screen.getByRole("button", { name: "Low risk" })).toHaveAttribute("aria-pressed", "false"));
    expect(search()).toEqual({ page: "3" });
  });

  it("commits a floor when the field is left, and refuses what is no number", async () => {
    serve();
    const { user, search } = renderApp("/opportunities");
    const floor = await screen.findByLabelText("Net profit, at least");

    await user.type(floor, "abc");
    expect(floor).toHaveAttribute("aria-invalid", "true");
    await user.tab();
    expect(search()).toEqual({});

    await user.clear(floor);
    await user.type(floor, "12.5{Enter}");
    await waitFor(() => expect(search()).toEqual({ profit_min: "12.5" }));
  });

  it("sorts by a header and says so", async () => {
    serve();
    const { user, search } = renderApp("/opportunities");

    await user.click(await screen.findByRole("button", { name: "Net margin" }));

    await waitFor(() => expect(search()).toEqual({ ordering: "-margin_percentage" }));
    expect(screen.getByRole("columnheader", { name: "Net margin" })).toHaveAttribute("aria-sort", "descending");
  });

  it("keeps the chosen columns in the URL", async () => {
    serve();
    const { user, search } = renderApp("/opportunities?columns=margin");
    await screen.findByRole("columnheader", { name: "Net margin" });
    expect(screen.queryByRole("columnheader", { name: "Risk" })).not.toBeInTheDocument();

    await user.click(screen.getByRole("button", { name: "Columns" }));
    await user.click(screen.getByRole("checkbox", { name: "Risk" }));

    await waitFor(() => expect(search()).toEqual({ columns: "margin,risk" }));
    expect(await screen.findByRole("columnheader", { name: "Risk" })).toBeInTheDocument();
  });
});

describe("rows", () => {
  it("show both margins, and risk in words", async () => {
    serve([makeOpportunity({ margin_percentage: "12.30", naive_margin_percentage: "45.60", risk_level: "high" })]);

    renderApp("/opportunities");

    const row = within(await screen.findByRole("row", { name: /Neon Dynasty/ }));
    expect(row.getByText("+12.3 %")).toBeInTheDocument();
    expect(row.getByText("+45.6 %")).toBeInTheDocument();
    expect(row.getByText("High")).toBeInTheDocument();
  });

  it("are walked with j and k, inspected and opened with Enter, and left with Escape", async () => {
    const rows = [makeOpportunity({ name: "First box" }), makeOpportunity({ name: "Second box" })];
    serve(rows);
    const { user, search, history } = renderApp("/opportunities");
    await screen.findByText("First box");

    await user.keyboard("jj{Enter}");
    await waitFor(() => expect(search()["inspect"]).toBe(rows[1]?.id));
    expect(await screen.findByRole("complementary", { name: "Inspector: Second box" })).toBeInTheDocument();
    expect(await screen.findByText("Price stability")).toBeInTheDocument();

    await user.keyboard("k");
    await waitFor(() => expect(search()["inspect"]).toBe(rows[0]?.id));

    await user.keyboard("{Escape}");
    await waitFor(() => expect(search()).toEqual({}));
    expect(document.activeElement).toHaveAttribute("id", `row-${rows[0]?.id}`);

    await user.keyboard("{Enter}");
    await screen.findByRole("complementary");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(history.location.pathname).toBe(`/app/opportunities/${rows[0]?.id}`));
  });

  it("do not move when a poll brings others, until asked", async () => {
    const [old, fresh] = [makeOpportunity({ name: "Old box" }), makeOpportunity({ name: "Fresh box" })];
    serve([old]);
    const { user, queries } = renderApp("/opportunities");
    await screen.findByText("Old box");

    serve([fresh, old]);
    await queries.refetchQueries({ queryKey: ["opportunities", "list"] });

    const pill = await screen.findByRole("button", { name: /1 new/ });
    expect(screen.queryByText("Fresh box")).not.toBeInTheDocument();
    await user.click(pill);
    expect(await screen.findByText("Fresh box")).toBeInTheDocument();
  });
});

describe("states", () => {
  it("says what to do when nothing matches", async () => {
    serve([], 0);
    const { user, search } = renderApp("/opportunities?margin_min=1000");

    expect(await screen.findByText("Nothing matches these filters")).toBeInTheDocument();
    await user.click(screen.getAllByRole("button", { name: "Clear filters" }).at(-1) ?? document.body);
    await waitFor(() => expect(search()).toEqual({}));
  });

  it("shows the reason and the request id of a failure, and tries again", async () => {
    server.use(http.get(LIST, () => problem(503, { title: "The database is away", request_id: "req-77" })));
    const { user } = renderApp("/opportunities");

    expect(await screen.findByRole("alert")).toHaveTextContent("The database is away");
    expect(screen.getByText("req-77")).toBeInTheDocument();

    serve([makeOpportunity({ name: "Recovered box" })]);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Recovered box")).toBeInTheDocument();
  });

  it("leads back from a page that the list no longer has", async () => {
    server.use(http.get(LIST, () => problem(404, { code: "not_found" })));
    const { user, search } = renderApp("/opportunities?page=9&search=box");
    await screen.findByText("The list has fewer pages now");

    serve([makeOpportunity({ name: "First page box" })]);
    await user.click(screen.getByRole("button", { name: "Go to the first page" }));

    expect(await screen.findByText("First page box")).toBeInTheDocument();
    expect(search()).toEqual({ search: "box" });
  });

  it("keeps stale rows under a banner when a refresh fails", async () => {
    serve([makeOpportunity({ name: "Known box" })]);
    const { queries } = renderApp("/opportunities");
    await screen.findByText("Known box");

    server.use(http.get(LIST, () => HttpResponse.error()));
    await queries.refetchQueries({ queryKey: ["opportunities", "list"] });

    expect(await screen.findByText(/Could not refresh/)).toBeInTheDocument();
    expect(screen.getByText("Known box")).toBeInTheDocument();
  });

  it("sends a visitor who must log in to the login, and remembers the page", async () => {
    server.use(http.get(LIST, () => problem(401, { code: "not_authenticated" })));

    const { search, history } = renderApp("/opportunities?margin_min=5");

    expect(await screen.findByRole("heading", { name: "Log in" })).toBeInTheDocument();
    expect(history.location.pathname).toBe("/app/login");
    expect(search()).toEqual({ next: "/app/opportunities?margin_min=5" });
  });
});
