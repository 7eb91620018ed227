using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Blog.Data.Catalogue;
using Blog.Data.Input;
using Blog.Data.Users;
using Npgsql;

namespace Blog.Data.Import;

/// <summary>Users from a stream of NDJSON: a <see cref="UserCreate"/> a line.</summary>
public sealed class UserImport(BlogData data)
{
    /// <summary>How often a line is tried that meets another write at the same tags.</summary>
    const int Attempts = 3;

    static readonly Query findUserNames = QueryCatalogue.Find("users/find_user_names");

    /// <summary>
    /// Stores the users of a stream on one connection, and yields an outcome per line in the order of the lines; the memory
    /// that it needs does not depend on the number of lines. A UTF-8 byte order mark, CRLF and blank lines are accepted, members
    /// that are not known are ignored, and so is a last line <c>{"$end":{"count":N}}</c> with the right count.
    /// <para>
    /// Mode lines: a line is read when its outcome is asked for, and its outcome is yielded after its commit. Three round trips
    /// a line, one more with <see cref="ImportOptions.SkipExisting"/>.
    /// </para>
    /// <para>
    /// Mode atomic: the stream is read twice (one that cannot seek goes through a temporary file). The outcomes of the first
    /// time are every line that breaks a rule; where there is none, the lines are stored and their outcomes come after the one
    /// commit. Where the database itself refuses a line, that line is the one outcome. Unless all outcomes are
    /// <see cref="LineCreated"/> or <see cref="LineSkipped"/>, nothing is stored. Tags that it creates keep other writers
    /// of the same new tags waiting until the commit.
    /// </para>
    /// </summary>
    /// <param name="source">Read from where it stands to its end; left open.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the import between lines or within one, which then is not stored; a commit is waited for.</param>
    /// <exception cref="DbException">No connection could be opened; nothing is stored.</exception>
    /// <exception cref="ImportStoppedException">The database failed in the middle.</exception>
    /// <exception cref="IOException">The stream or a temporary file failed.</exception>
    public IAsyncEnumerable<LineOutcome> ImportUsersAsync(
        Stream source,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        return options.Mode == ImportMode.Atomic
            ? ImportAtomicAsync(source, options, cancellationToken)
            : ImportLinesAsync(source, options, cancellationToken);
    }

    async IAsyncEnumerable<LineOutcome> ImportLinesAsync(
        Stream source,
        ImportOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        await foreach (var line in new UserLines(source, options, ImportPhase.Storing).ReadAsync(cancellationToken))
        {
            yield return line.Rejected ?? await StoreAsync(line, connection, options, cancellationToken);
        }
    }

    static async Task<LineOutcome> StoreAsync(
        UserLine line,
        NpgsqlConnection connection,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var isCommitting = false;
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(
                    IsolationLevel.ReadCommitted,
                    cancellationToken
                );
                var outcome = await WriteAsync(line, transaction, options, cancellationToken);
                if (outcome is LineCreated)
                {
                    isCommitting = true;
                    // Cancelled on its way, nobody would know whether it was stored.
                    await BlogData.CommitAsync(transaction, CancellationToken.None);
                }

                return outcome;
            }
            catch (Exception failure) when (IsOfDatabase(failure))
            {
                if (attempt < Attempts && DatabaseFailure.Of(failure) is { Kind: FailureKind.WriteConflict })
                {
                    continue;
                }

                return RefusalOf(failure, line) ?? throw Stopped(line.Source.Number, isCommitting, failure);
            }
        }
    }

    async IAsyncEnumerable<LineOutcome> ImportAtomicAsync(
        Stream source,
        ImportOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var received = source.CanSeek ? null : await Spool.ReceiveAsync(source, cancellationToken);
        var stream = received ?? source;
        var start = stream.Position;
        var isRejected = false;
        await foreach (var line in new UserLines(stream, options, ImportPhase.Checking).ReadAsync(cancellationToken))
        {
            if (line.Rejected is { } rejected)
            {
                isRejected = true;
                yield return rejected;
            }
        }

        if (isRejected)
        {
            yield break;
        }

        stream.Position = start;
        await using var outcomes = new OutcomeSpool();
        if (await StoreAllAsync(stream, outcomes, options, cancellationToken) is { } refused)
        {
            yield return refused;
            yield break;
        }

        foreach (var outcome in outcomes.ReadAll())
        {
            yield return outcome;
        }
    }

    /// <returns>The line that was refused, and with it all; null where all are stored.</returns>
    async Task<LineRejected?> StoreAllAsync(
        Stream source,
        OutcomeSpool outcomes,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        var current = default(UserLine);
        var isCommitting = false;
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(
                IsolationLevel.ReadCommitted,
                cancellationToken
            );
            await foreach (var line in new UserLines(source, options, ImportPhase.Storing).ReadAsync(cancellationToken))
            {
                current = line;
                if (line.Rejected is { } changedMeanwhile)
                {
                    return changedMeanwhile;
                }

                outcomes.Add(await WriteAsync(line, transaction, options, cancellationToken));
            }

            isCommitting = true;
            await BlogData.CommitAsync(transaction, CancellationToken.None);
            return null;
        }
        catch (Exception failure) when (IsOfDatabase(failure))
        {
            return (isCommitting ? null : RefusalOf(failure, current))
                ?? throw Stopped(current.Source.Number, isCommitting, failure);
        }
    }

    /// <summary>Everything of one line but the commit.</summary>
    static async Task<LineOutcome> WriteAsync(
        UserLine line,
        NpgsqlTransaction transaction,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        var (number, user) = (line.Source.Number, line.User!);
        if (options.SkipExisting && await HasUserAsync(user.Name, transaction, cancellationToken))
        {
            return new LineSkipped(number);
        }

        var created = await UserRepository.CreateUserAsync(user, transaction, cancellationToken);
        return new LineCreated(
            number,
            created.User.Id,
            user.Posts.Count,
            user.Posts.Sum(post => post.TagNames.Count),
            created.TagsCreated
        );
    }

    static async Task<bool> HasUserAsync(
        string name,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Connection!,
            findUserNames,
            new { names = new[] { name } },
            transaction,
            cancellationToken
        );
        return await sets.ReadFirstOrNoneAsync<string>() is not null;
    }

    static bool IsOfDatabase(Exception failure) => failure is DbException or WriteConflictException;

    /// <summary>Null where the failure is not about the values of the line.</summary>
    static LineRejected? RefusalOf(Exception failure, UserLine line) =>
        DatabaseFailure.Of(failure) switch
        {
            { Constraint: { } broken } => LineRejected.Invalid(
                line.Source,
                new InputError(broken.Code, broken.Detail)
                {
                    // Which of the posts it was, the database does not say.
                    Pointer = broken.Member is "name" or "bio" ? $"#/{broken.Member}" : "#/posts",
                }
            ),
            { Kind: FailureKind.Refused } => LineRejected.Invalid(
                line.Source,
                new InputError(InputCodes.InvalidFormat, "The database refuses a value of this line.") { Pointer = "#" }
            ),
            _ => null,
        };

    static ImportStoppedException Stopped(long line, bool isCommitting, Exception failure) =>
        new(line, isCommitting && failure is not PostgresException, failure);
}
