using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Blog.Testing;

namespace Blog.Fault.Tests.Faults;

/// <summary>An import that is killed half way.</summary>
static class KilledImport
{
    const int Lines = 100_000;

    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F30",
                $"the service is killed in the middle of an import of {Lines:N0} lines, a line at a time",
                "whole lines only; every line that was answered is stored; no line twice",
                "every row; ready 2 s after it is started again",
                KillAsync,
                Length.Long
            ),
        ];

    static async Task KillAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        var mark = $"i{Guid.NewGuid():n}"[..9];
        var file = new StringBuilder();
        for (var line = 1; line <= Lines; line++)
            file.Append(
                    CultureInfo.InvariantCulture,
                    $$"""{"name":"{{mark}}-{{line}}","posts":[{"title":"{{mark}}-{{line}}","content":"c","tag_names":["red"]}]}"""
                )
                .Append('\n');
        var answered = new List<string>();
        try
        {
            using var http = new HttpClient { BaseAddress = scene.Service.Address };
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(file.ToString()));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/import/users?mode=lines")
            {
                Content = content,
            };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
            {
                answered.Add(line);
                if (answered.Count == Lines / 5)
                    await scene.Service.KillAsync();
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            run.Say($"killed after {answered.Count:N0} answers");
        }

        var killed = Stopwatch.GetTimestamp();
        await scene.StartServiceAsync();
        await Eventually.HoldsAsync(async () => (await scene.Service.GetAsync("/readyz")).Status == 200, "it is ready");
        var ready = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        // The last of the killed service's transactions ends by itself.
        await Eventually.HoldsAsync(
            async () =>
                (
                    await scene.Cluster.ListAsync(
                        "select count(*) from pg_stat_activity where usename = 'blog_app' and state <> 'idle'"
                    )
                )
                    is ["0"],
            "nothing is being written"
        );
        var rows = (
            await scene.Cluster.ListAsync(
                $"""
                select u.name || ' ' || (
                  select count(*) from blog.post p join blog.post_tag t on t.post_id = p.id
                  where p.author_id = u.id and p.title = u.name)
                from blog.users u where u.name like '{mark}-%'
                """
            )
        ).ToLookup(row => row, StringComparer.Ordinal);
        var stored = answered
            .Select(Parse)
            .Where(answer => answer is { Status: 201 })
            .Select(answer => $"{mark}-{answer!.Value.Line} 1")
            .ToArray();
        var lost = stored.Where(row => !rows.Contains(row)).ToArray();
        run.Measure(
            $"{answered.Count:N0} lines answered, {rows.Count:N0} stored, {lost.Length} lost; ready after {ready:0.0} s"
        );
        run.Expect(stored.Length >= Lines / 5 - 1, $"only {stored.Length} were answered as stored");
        run.Expect(rows.Count < Lines, $"it was over before it was killed");
        run.Expect(lost.Length == 0, $"{lost.Length} are lost, first {lost.FirstOrDefault()}");
        run.Expect(rows.All(row => row.Count() == 1), $"some are stored twice");
        run.Expect(rows.All(row => row.Key.EndsWith(" 1", StringComparison.Ordinal)), $"some are not whole");
        run.Expect(ready <= 2 * run.Patience, $"it was ready after {ready:0.0} s");
    }

    /// <summary>Null where the line was cut.</summary>
    static (int Line, int Status)? Parse(string answer)
    {
        try
        {
            var line = JsonDocument.Parse(answer).RootElement;
            return (line.GetProperty("line").GetInt32(), line.GetProperty("status").GetInt32());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
