"use strict";

// The page of the shop. All that comes from the shop is set as text, never as HTML.

const PAGE = 10;
const main = document.getElementById("main");
const logout = document.getElementById("logout");

// The token lives as long as the tab.
const token = {
  get: () => sessionStorage.getItem("token"),
  set: (value) => sessionStorage.setItem("token", value),
  clear: () => sessionStorage.removeItem("token"),
};

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function link(hash, text) {
  return element("a", { href: hash }, text);
}

function path(...parts) {
  return "/" + parts.map(encodeURIComponent).join("/");
}

class Refused extends Error {
  constructor(body, status) {
    super(body.msg || `The shop answered with status ${status}`);
    this.code = body.code;
  }
}

async function call(target, body) {
  const headers = {};
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  const options = { headers };
  if (body) {
    headers["Content-Type"] = "application/json";
    Object.assign(options, { method: "POST", body: JSON.stringify(body) });
  }
  const response = await fetch(target, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer, response.status);
  return answer;
}

function table(columns, rows) {
  const cell = (name) => (column, index) =>
    element(name, columns[index].number ? { class: "number" } : {}, column);
  const head = element("tr", {}, ...columns.map((column) => column.title).map(cell("th")));
  const body = rows.map((row) => element("tr", {}, ...row.map(cell("td"))));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
}

function form(title, fields, action) {
  const inputs = fields.map(([name, text, type, complete]) =>
    element("input", { name, type, autocomplete: complete, "aria-label": text, required: "" }));
  const labels = fields.map(([, text], index) => element("label", {}, text, inputs[index]));
  const button = element("button", { type: "submit" }, title);
  const outcome = element("p", { id: "outcome", role: "status" });
  const node = element("form", { id: "form", novalidate: "" }, ...labels, button, outcome);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    outcome.replaceChildren();
    outcome.setAttribute("role", "status");
    try {
      const values = Object.fromEntries(inputs.map((input) => [input.name, input.value]));
      outcome.textContent = await action(values);
    } catch (error) {
      outcome.setAttribute("role", "alert");
      outcome.textContent = error.message;
    }
    button.disabled = false;
  });
  return [element("h2", {}, title), node];
}

const EMAIL = ["email", "Email", "email", "username"];

function home() {
  return [
    element("h2", {}, "Welcome"),
    element("ul", {},
      element("li", {}, link("#/signin", "Sign in")),
      element("li", {}, link("#/login", "Log in")),
      element("li", {}, link("#/productgroups", "Product groups"))),
  ];
}

function signIn() {
  const fields = [
    ["first-name", "First name", "text", "given-name"],
    ["last-name", "Last name", "text", "family-name"],
    EMAIL,
    ["password", "Password", "password", "new-password"],
  ];
  return form("Sign in", fields, async (values) => {
    const { email } = await call("/signin", values);
    return `${email} is signed in. Log in to see the products.`;
  });
}

function logIn() {
  const fields = [EMAIL, ["password", "Password", "password", "current-password"]];
  return form("Log in", fields, async (values) => {
    const answer = await call("/login", values);
    token.set(answer["json-web-token"]);
    location.hash = "#/productgroups";
    return answer.msg;
  });
}

async function groups() {
  const answer = await call("/product-groups");
  const rows = Object.entries(answer["product-groups"])
    .map(([id, name]) => [id, link("#" + path("products", id), name)]);
  const columns = [{ title: "Id", number: true }, { title: "Name" }];
  return [element("h2", {}, "Product groups"), table(columns, rows)];
}

// The number and the cursor of the page stand in the URL, so that the browser's own buttons work as well.
async function products(group, number, cursor) {
  const query = new URLSearchParams({ limit: PAGE });
  if (cursor) query.set("cursor", cursor);
  const answer = await call(`${path("products", group)}?${query}`);
  const rows = answer.products.map(([id, , title, price]) =>
    [id, link("#" + path("product", group, id), title), price]);
  const columns = [{ title: "Id", number: true }, { title: "Name" }, { title: "Price", number: true }];
  const page = (number, cursor, rel, text) =>
    element("a", { href: "#" + path("products", group, number, cursor), rel }, text);
  const pages = element("div", { class: "pages" }, `Page ${number}`);
  if (answer.prev) pages.prepend(page(number - 1, answer.prev, "prev", "Previous"));
  if (answer.next) pages.append(page(number + 1, answer.next, "next", "Next"));
  return [element("h2", {}, "Products"), table(columns, rows), pages, back("#/productgroups", "Product groups")];
}

async function product(group, id) {
  const answer = await call(path("product", group, id));
  const titles = ["Id", "Pg-Id", "Name", "Price", "Author or Director", "Year", "Country", "Language or Category"];
  const rows = answer.product.map((value, index) => [titles[index], value]);
  const columns = [{ title: "Field" }, { title: "Value" }];
  return [element("h2", {}, "Product"), table(columns, rows), back("#" + path("products", group), "Products")];
}

function back(hash, text) {
  return element("p", {}, link(hash, text));
}

function route(parts) {
  switch (parts[0]) {
    case undefined: return home();
    case "signin": return signIn();
    case "login": return logIn();
    case "productgroups": return groups();
    case "products": return products(parts[1], Number(parts[2] ?? 1), parts[3]);
    case "product": return product(parts[1], parts[2]);
    default: return [element("p", { role: "alert" }, "There is no such page.")];
  }
}

function failed(error) {
  if (error.code === "token_invalid") {
    token.clear();
    return [element("p", { role: "alert" }, error.message), back("#/login", "Log in")];
  }
  return [element("p", { role: "alert" }, error.message)];
}

let shown = 0;

async function show() {
  const turn = ++shown;
  let nodes;
  try {
    const parts = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
    nodes = await route(parts);
  } catch (error) {
    nodes = failed(error);
  }
  // Another page may have been asked for meanwhile.
  if (turn !== shown) return;
  main.replaceChildren(...nodes);
  main.dataset.hash = location.hash;
  logout.hidden = !token.get();
}

logout.addEventListener("click", () => {
  token.clear();
  location.hash = "#/";
  show();
});
addEventListener("hashchange", show);
show();
