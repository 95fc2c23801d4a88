import "./styles/main.css";

import { createRoot } from "react-dom/client";

import { App } from "./app/app";
import { makeQueryClient } from "./app/query-client";
import { makeRouter } from "./app/router";

const container = document.getElementById("root");
if (!container) throw new Error("The page has no #root element.");

const queries = makeQueryClient();
createRoot(container).render(<App queries={queries} router={makeRouter(queries)} />);
