using Blog.Testing;

namespace Blog.Api.Tests.Users;

public sealed class RaceTests(PostgresServer server)
{
    const int Clients = 32;
    const int Rounds = 40;
    const int Tags = 20;

    [Fact]
    public async Task Clients_that_create_the_same_new_tags_at_once_all_succeed_and_share_them()
    {
        // With 32 in a queue on a busy machine the last one may wait longer than the second that production allows.
        await using var api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await api.PostAsync("/users", """{"name":"Bea","posts":[{"title":"T","content":"C","tag_names":["hers"]}]}""");
        var random = new Random(20);

        for (var round = 0; round < Rounds; round++)
        {
            string[] names = [.. Enumerable.Range(0, Tags).Select(number => $"{round} {number:00}")];
            var orders = Enumerable
                .Range(0, Clients)
                .Select(client =>
                {
                    string[] order = client % 2 == 0 ? [.. names] : [.. names.Reverse()];
                    if (client % 4 > 1)
                        random.Shuffle(order);
                    return order;
                })
                .ToArray();

            var answers = await Task.WhenAll(orders.Select(order => CreateAsync(api, order)));

            var ids = await api.Database.ListAsync(
                $"select format('{{\"name\":\"%s\",\"id\":%s}}', name, id) from blog.tag where name like '{round} %' order by id"
            );
            Assert.Equal(Tags, ids.Length);
            Assert.All(
                answers,
                answer =>
                {
                    Assert.Equal(201, answer.Status);
                    Assert.EndsWith($"\"tags\":[{string.Join(',', ids)}]}}]}}", answer.Body, StringComparison.Ordinal);
                }
            );
        }

        Assert.Equal(
            [$"{1 + Rounds * Clients} {1 + Rounds * Tags} {1 + Rounds * Clients * Tags}"],
            await api.Database.ListAsync(
                "select concat_ws(' ', (select count(*) from blog.users), (select count(*) from blog.tag), (select count(*) from blog.post_tag))"
            )
        );
    }

    [Fact]
    public async Task Writes_to_one_user_at_once_all_count()
    {
        await using var api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await api.PostAsync("/users", """{"name":"Ann"}""");

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(client =>
                    (client % 4) switch
                    {
                        0 => api.PutAsync("/users/1", $$"""{"name":"Ann {{client}}"}"""),
                        1 => api.PatchAsync("/users/1", """{"bio":null}"""),
                        2 => api.PatchAsync("/users/1", $$"""{"bio":"{{client}}"}"""),
                        _ => api.PutAsync("/users/1/profile", $$"""{"bio":"{{client}}"}"""),
                    }
                )
        );

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201, answer.Outcome));
        Assert.Equal($"\"u1.{1 + Clients}-1\"", (await api.GetAsync("/users/1"))["ETag"]);
    }

    static Task<Answer> CreateAsync(BlogApi api, string[] tags) =>
        api.PostAsync(
            "/users",
            $$"""{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["{{string.Join("\",\"", tags)}}"]}]}"""
        );
}
