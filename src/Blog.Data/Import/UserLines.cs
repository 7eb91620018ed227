using System.Runtime.CompilerServices;
using System.Text.Json;
using Blog.Data.Input;
using Blog.Data.Users;

namespace Blog.Data.Import;

/// <summary>A line with a user, or with what is wrong with it; with neither where it is blank or a right <c>$end</c>.</summary>
readonly record struct UserLine(NdjsonLine Source, UserCreate? User, LineRejected? Rejected);

/// <summary>Reads lines of users and checks them; asks no database.</summary>
sealed class UserLines(Stream source, ImportOptions options, ImportPhase phase)
{
    static ReadOnlySpan<byte> EndMember => "\"$end\""u8;

    static readonly JsonDocumentOptions strict = new()
    {
        MaxDepth = Limits.JsonDepth,
        AllowDuplicateProperties = false,
    };

    /// <summary>Users since the beginning or the last <c>$end</c>.</summary>
    long users;

    /// <summary>Every line. The right count of a <c>$end</c> line is the number of users since the one before.</summary>
    public async IAsyncEnumerable<UserLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = new NdjsonReader(source, phase == FirstPhase ? options.OnTooLong : null);
        while (await reader.ReadAsync(cancellationToken) is { } line)
        {
            yield return line.IsBlank ? new(line, null, null) : Check(line);
            options.Progress?.Invoke(new(phase, reader.Bytes, reader.Lines));
        }
    }

    ImportPhase FirstPhase => options.Mode == ImportMode.Atomic ? ImportPhase.Checking : ImportPhase.Storing;

    UserLine Check(NdjsonLine line)
    {
        if (IsEnd(line.Text, out var complaint))
        {
            users = 0;
            return new(line, null, complaint is null ? null : LineRejected.Invalid(line, complaint));
        }

        users++;
        if (line.IsTooLong)
        {
            var tooLong = new InputError(
                InputCodes.TooLong,
                $"At most {Limits.ImportLineBytes} bytes of a line are read; split its posts over several users."
            )
            {
                Pointer = "#",
                Limit = Limits.ImportLineBytes,
            };
            return new(line, null, LineRejected.Invalid(line, tooLong));
        }

        try
        {
            var rules = options.RefuseUnknownMembers ? InputRules.StrictImport : InputRules.Import;
            return new(line, JsonInput.Read<UserCreate>(line.Text, rules), null);
        }
        catch (MalformedJsonException malformed)
        {
            return new(line, null, LineRejected.Malformed(line, malformed.Message));
        }
        catch (InvalidInputException invalid)
        {
            return new(line, null, LineRejected.Invalid(line, invalid.Errors));
        }
    }

    /// <summary>Whether the line is an object whose one member is <c>$end</c>, and what is wrong with that.</summary>
    bool IsEnd(ReadOnlyMemory<byte> text, out InputError? complaint)
    {
        complaint = null;
        if (text.Span.IndexOf(EndMember) < 0)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text, strict);
            if (
                document.RootElement is not { ValueKind: JsonValueKind.Object } line
                || line.GetPropertyCount() != 1
                || !line.TryGetProperty("$end", out var end)
            )
            {
                return false;
            }

            complaint = CheckEnd(end);
            return true;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // Not JSON, or half of a surrogate pair in a name: checked as a user it says what is wrong.
            return false;
        }
    }

    InputError? CheckEnd(JsonElement end)
    {
        if (end.ValueKind != JsonValueKind.Object)
        {
            return new(InputCodes.InvalidType, "Expected an object.") { Pointer = "#/$end" };
        }

        if (!end.TryGetProperty("count", out var count))
        {
            return new(InputCodes.Required, "Must be given.") { Pointer = "#/$end/count" };
        }

        if (count.ValueKind != JsonValueKind.Number)
        {
            return new(InputCodes.InvalidType, "Expected a number.") { Pointer = "#/$end/count" };
        }

        return count.TryGetInt64(out var said) && said == users
            ? null
            : new(InputCodes.OutOfRange, $"Says {count.GetRawText()} users, and {users} lines of users came before it.")
            {
                Pointer = "#/$end/count",
            };
    }
}
