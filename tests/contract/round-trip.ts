// A client made of docs/openapi.json, against the running service: what it is typed as is what comes.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./build/contract.js";

type Shape = components["schemas"];

const client = createClient<paths>({ baseUrl: process.env["BLOG_URL"] ?? "http://127.0.0.1:5080" });

const body: Shape["UserCreate"] = {
  name: "Ann",
  bio: "Writes.",
  posts: [{ title: "First", content: "Hello.", tag_names: ["red", "blue"] }],
};
const created = await client.POST("/users", { body });
assert.equal(created.response.status, 201);
const user: Shape["UserRead"] = present(created.data);
const path = { id: user.id };
assert.equal(created.response.headers.get("Location"), `/users/${user.id}`);
assert.deepEqual([user.name, user.profile?.bio, user.posts[0]?.tags.length], ["Ann", "Writes.", 2]);

const read = await client.GET("/users/{id}", { params: { path } });
assert.deepEqual(read.data, user);
const etag = present(read.response.headers.get("ETag"));

const held = await client.GET("/users/{id}", { params: { path, header: { "If-None-Match": etag } } });
assert.equal(held.response.status, 304);

const renamed = await client.PUT("/users/{id}", {
  params: { path, header: { "If-Match": etag } },
  body: { name: "Anna" },
});
assert.deepEqual([renamed.response.status, renamed.data?.name], [200, "Anna"]);

const stale = await client.PATCH("/users/{id}", {
  params: { path, header: { "If-Match": etag } },
  body: { bio: null },
});
assert.deepEqual([stale.response.status, stale.error?.code], [412, "precondition_failed"]);
assert.equal(stale.response.headers.get("ETag"), renamed.response.headers.get("ETag"));

// A write with a key is done once; a list is walked by its cursors.
const key = { "Idempotency-Key": crypto.randomUUID() };
const post: Shape["PostCreate"] = { title: "Second", content: "", tag_names: ["red"] };
const once = await client.POST("/users/{id}/posts", { params: { path, header: key }, body: post });
const again = await client.POST("/users/{id}/posts", { params: { path, header: key }, body: post });
assert.deepEqual([again.response.headers.get("Idempotency-Replayed"), again.data], ["?1", once.data]);

const titles: (string | undefined)[] = [];
let next: { cursor?: string } = {};
do {
  const query = { author_id: user.id, tag: ["red"], limit: 1, fields: "title", ...next };
  const page: Shape["PostPage"] = present((await client.GET("/posts", { params: { query } })).data);
  titles.push(...page.items.map((item) => item.title));
  next = page.next === undefined ? {} : { cursor: page.next };
} while (next.cursor !== undefined);
assert.deepEqual(titles, ["Second", "First"]);

const invalid = await client.POST("/users", { body: { name: " " } });
const violation: Shape["Violation"] | undefined = present(invalid.error).errors?.[0];
assert.deepEqual([invalid.response.status, violation?.pointer, violation?.code], [422, "#/name", "blank"]);

const deleted = await client.DELETE("/users/{id}", { params: { path } });
assert.deepEqual(deleted.data, { message: "Deleted" });

const gone = await client.GET("/users/{id}", { params: { path } });
assert.deepEqual([gone.response.status, gone.error?.code], [404, "user_not_found"]);

// What the contract does not allow does not compile: each of these is an error, or this file has one.
export const refused = () => [
  // @ts-expect-error a user has a name
  client.POST("/users", { body: { bio: "Writes." } }),
  // @ts-expect-error an id is a number
  client.GET("/users/{id}", { params: { path: { id: "1" } } }),
  // @ts-expect-error a name can be left out of a change, and is never null
  client.PATCH("/users/{id}", { params: { path }, body: { name: null } }),
  // @ts-expect-error a profile may be null
  user.profile.bio,
  // @ts-expect-error what is not part of the JSON is not part of the type
  user.revision,
];

function present<T>(value: T | null | undefined): T {
  assert.ok(value !== null && value !== undefined);
  return value;
}
