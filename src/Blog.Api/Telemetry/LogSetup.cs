using Microsoft.Extensions.Logging.Console;

namespace Blog.Api.Telemetry;

/// <summary>The log on the standard output: for a reader in Development, for a collector elsewhere.</summary>
static class LogSetup
{
    /// <summary>Every line of a request holds its X-Request-Id and its trace; no text in it begins a line of its own.</summary>
    public static void AddLog(this WebApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddConsole(console => console.FormatterName = ReadableLines.FormatterName);
            builder.Logging.AddConsoleFormatter<ReadableLines, ConsoleFormatterOptions>();
        }
        else
        {
            builder.Logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
    }
}
