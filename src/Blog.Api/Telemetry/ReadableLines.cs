using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Blog.Api.Telemetry;

/// <summary>One line an entry: time, level, category, message, request and trace; below it, indented, the exception.</summary>
sealed class ReadableLines() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "readable";

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(DateTime.Now.ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        textWriter.Write($"{LevelOf(logEntry.LogLevel)} {logEntry.Category}: ");
        WriteEscaped(message, textWriter);
        var ids = new Ids();
        scopeProvider?.ForEachScope(static (scope, ids) => ids.Take(scope), ids);
        if (ids.Request is not null)
        {
            textWriter.Write(" request=");
            WriteEscaped(ids.Request, textWriter);
            textWriter.Write($" trace={ids.Trace}");
        }

        textWriter.Write('\n');
        if (logEntry.Exception is { } exception)
        {
            foreach (var line in exception.ToString().Split('\n'))
            {
                textWriter.Write("    ");
                WriteEscaped(line.TrimEnd('\r'), textWriter);
                textWriter.Write('\n');
            }
        }
    }

    static void WriteEscaped(string text, TextWriter textWriter)
    {
        foreach (var character in text)
        {
            // U+2028 and U+2029 end a line for some readers, as the controls do.
            if (char.IsControl(character) || character is '\u2028' or '\u2029')
            {
                textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"));
            }
            else
            {
                textWriter.Write(character);
            }
        }
    }

    static string LevelOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info ",
            LogLevel.Warning => "warn ",
            LogLevel.Error => "error",
            _ => "CRIT ",
        };

    /// <summary>Of the innermost scopes that have them.</summary>
    sealed class Ids
    {
        public string? Request { get; private set; }

        public string? Trace { get; private set; }

        public void Take(object? scope)
        {
            if (scope is not IEnumerable<KeyValuePair<string, object?>> members)
            {
                return;
            }

            foreach (var (name, value) in members)
            {
                Request = name == "RequestId" ? value?.ToString() : Request;
                Trace = name == "TraceId" ? value?.ToString() : Trace;
            }
        }
    }
}
