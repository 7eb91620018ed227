using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Blog.Data.Catalogue;
using Blog.Data.Input;
using Blog.Data.Tags;
using Blog.Data.Users;
using Npgsql;

namespace Blog.Data.Import;

/// <summary>Users from a stream of NDJSON: a <see cref="UserCreate"/> a line.</summary>
public sealed class UserImport(BlogData data)
{
    /// <summary>How often a line is tried that meets another write at the same tags.</summary>
    const int Attempts = 3;

    /// <summary>How many lines share a commit at most, so that the tags they create are not kept from others for long.</summary>
    const int GroupLines = 50;

    static readonly Query findUserNames = QueryCatalogue.Find("users/find_user_names");

    /// <summary>
    /// Stores the users of a stream on one connection, and yields an outcome per line in the order of the lines; the memory
    /// that it needs does not depend on the number of lines. A UTF-8 byte order mark, CRLF and blank lines are accepted, members
    /// that are not known are ignored unless the options say otherwise, and so is a last line <c>{"$end":{"count":N}}</c> with the right count.
    /// <para>
    /// Mode lines: a line is stored whole or not at all, and its outcome is yielded after its commit. Lines that are here at the
    /// same time share a commit, at most fifty; no line waits for one that is not here yet. Where the database refuses one of
    /// them, each gets a commit of its own. Four round trips a commit, one more with <see cref="ImportOptions.SkipExisting"/>.
    /// </para>
    /// <para>
    /// Mode atomic: the stream is read twice (one that cannot seek goes through a temporary file). The outcomes of the first
    /// time are every line that breaks a rule; where there is none, the lines are stored and their outcomes come after the one
    /// commit. Where the database itself refuses a line, that line is the one outcome. Unless all outcomes are
    /// <see cref="LineCreated"/> or <see cref="LineSkipped"/>, nothing is stored. Tags that it creates keep other writers
    /// of the same new tags waiting until the commit, and of two such imports at once one may be stopped by a deadlock.
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
        await using var session = await data.OpenStreamAsync(cancellationToken);
        await foreach (var (lines, rejected) in GroupAsync(source, options, cancellationToken))
        {
            await foreach (var outcome in StoreAsync(lines, session, options, cancellationToken))
            {
                yield return outcome;
            }

            if (rejected is not null)
            {
                yield return rejected;
            }
        }
    }

    /// <summary>Lines of users that are here at the same time, and the rejected line behind them, with which a group ends.</summary>
    static async IAsyncEnumerable<(IReadOnlyList<UserLine> Lines, LineRejected? Rejected)> GroupAsync(
        Stream source,
        ImportOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var group = new List<UserLine>();
        await foreach (var line in new UserLines(source, options, ImportPhase.Storing).ReadAsync(cancellationToken))
        {
            var isLast = !line.Source.IsFollowed || group.Count + 1 == GroupLines || line.Rejected is not null;
            if (line.User is not null)
            {
                group.Add(isLast ? line : line with { Source = line.Source.Kept() });
            }

            if (isLast && (group.Count > 0 || line.Rejected is not null))
            {
                yield return (group, line.Rejected);
                group.Clear();
            }
        }
    }

    /// <summary>Stores lines with one commit; where one of them is in the way of that, each with its own.</summary>
    static async IAsyncEnumerable<LineOutcome> StoreAsync(
        IReadOnlyList<UserLine> lines,
        Session session,
        ImportOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (lines.Count == 0)
        {
            yield break;
        }

        var together = await TryStoreAsync(lines, session, options, cancellationToken);
        if (together.Failure is null)
        {
            foreach (var outcome in together.Outcomes)
            {
                yield return outcome;
            }

            yield break;
        }

        foreach (var line in lines)
        {
            yield return await StoreAloneAsync(line, session, options, cancellationToken);
        }
    }

    static async Task<LineOutcome> StoreAloneAsync(
        UserLine line,
        Session session,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var alone = await TryStoreAsync([line], session, options, cancellationToken);
            if (alone.Failure is not { } failure)
            {
                return alone.Outcomes[0];
            }

            if (RefusalOf(failure, line) is { } refusal)
            {
                return refusal;
            }

            if (attempt == Attempts)
            {
                throw new ImportStoppedException(line.Source.Number, line.Source.Number, false, failure);
            }
        }
    }

    /// <returns>Outcomes that are committed, or a failure that is about the lines or another write; then nothing is stored.</returns>
    /// <exception cref="ImportStoppedException">The database failed in another way.</exception>
    static async Task<(IReadOnlyList<LineOutcome> Outcomes, Exception? Failure)> TryStoreAsync(
        IReadOnlyList<UserLine> lines,
        Session session,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        var isCommitting = false;
        try
        {
            await using var transaction = await session.BeginTransactionAsync(
                IsolationLevel.ReadCommitted,
                cancellationToken
            );
            var outcomes = await WriteAsync(lines, transaction, options, cancellationToken);
            isCommitting = true;
            // Cancelled on its way, nobody would know whether it was stored.
            await BlogData.CommitAsync(transaction, CancellationToken.None);
            return (outcomes, null);
        }
        catch (Exception failure)
            when (DatabaseFailure.Of(failure) is { Kind: FailureKind.Refused or FailureKind.WriteConflict })
        {
            return ([], failure);
        }
        catch (DbException failure)
        {
            throw Stopped(lines[0], lines[^1], isCommitting, failure);
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
        await using var session = await data.OpenStreamAsync(cancellationToken);
        UserLine? first = null;
        IReadOnlyList<UserLine> current = [];
        var isCommitting = false;
        Exception failure;
        try
        {
            await using var transaction = await session.BeginTransactionAsync(
                IsolationLevel.ReadCommitted,
                cancellationToken
            );
            await foreach (var (lines, changedMeanwhile) in GroupAsync(source, options, cancellationToken))
            {
                if (changedMeanwhile is not null)
                {
                    return changedMeanwhile;
                }

                current = [.. lines];
                first ??= current[0];
                foreach (var outcome in await WriteAsync(current, transaction, options, cancellationToken))
                {
                    outcomes.Add(outcome);
                }
            }

            isCommitting = true;
            await BlogData.CommitAsync(transaction, CancellationToken.None);
            return null;
        }
        catch (Exception failed) when (failed is DbException or WriteConflictException && first is not null)
        {
            failure = failed;
        }

        var refused = isCommitting
            ? null
            : await FindRefusedAsync(failure, current, session, options, cancellationToken);
        return refused ?? throw Stopped(first.Value, current[^1], isCommitting, failure);
    }

    /// <summary>Which of the lines the database refuses, found by trying each alone; nothing is stored.</summary>
    /// <returns>Null where the failure was not about the values of a line.</returns>
    static async Task<LineRejected?> FindRefusedAsync(
        Exception failure,
        IReadOnlyList<UserLine> lines,
        Session session,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        if (DatabaseFailure.Of(failure) is not { Kind: FailureKind.Refused })
        {
            return null;
        }

        foreach (var line in lines)
        {
            try
            {
                await using var transaction = await session.BeginTransactionAsync(
                    IsolationLevel.ReadCommitted,
                    cancellationToken
                );
                await WriteAsync([line], transaction, options, cancellationToken);
            }
            catch (DbException alone) when (RefusalOf(alone, line) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Everything of these lines but the commit: three round trips, one more with <see cref="ImportOptions.SkipExisting"/>.</summary>
    static async Task<IReadOnlyList<LineOutcome>> WriteAsync(
        IReadOnlyList<UserLine> lines,
        Transaction transaction,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        var existing = options.SkipExisting ? await FindUserNamesAsync(lines, transaction, cancellationToken) : null;
        // A name that is added here is taken for the lines behind.
        var skipped = lines
            .Where(line => existing is not null && !existing.Add(line.User!.Name))
            .Select(line => line.Source.Number)
            .ToHashSet();
        var tags = await FindOrCreateTags.FindOrCreateAsync(
            [
                .. lines
                    .Where(line => !skipped.Contains(line.Source.Number))
                    .SelectMany(line => line.User!.Posts)
                    .SelectMany(post => post.TagNames),
            ],
            transaction,
            cancellationToken
        );
        var created = lines.Where(line => !skipped.Contains(line.Source.Number)).Select(line => line.User!).ToArray();
        var ids = await UserRepository.CreateUsersAsync(created, tags, transaction, cancellationToken);
        var newTags = tags.CreatedIds.ToHashSet();
        var next = 0;
        return
        [
            .. lines.Select(line =>
                skipped.Contains(line.Source.Number)
                    ? (LineOutcome)new LineSkipped(line.Source.Number)
                    : Created(line, ids[next++], tags, newTags)
            ),
        ];
    }

    /// <param name="line">What was stored.</param>
    /// <param name="userId">Under which identity.</param>
    /// <param name="tags">The tags of its posts.</param>
    /// <param name="newTags">Created tags that no line before has; those of this line are taken out.</param>
    static LineCreated Created(UserLine line, long userId, FoundTags tags, HashSet<long> newTags)
    {
        var links = line.User!.Posts.SelectMany(post => post.TagNames).ToList();
        return new(
            line.Source.Number,
            userId,
            line.User.Posts.Count,
            links.Count,
            links.Count(name => newTags.Remove(tags.ByName[name].Id))
        );
    }

    static async Task<HashSet<string>> FindUserNamesAsync(
        IReadOnlyList<UserLine> lines,
        Transaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Session,
            findUserNames,
            new { names = lines.Select(line => line.User!.Name).ToArray() },
            transaction,
            cancellationToken
        );
        return (await sets.ReadAsync<string>()).ToHashSet(StringComparer.Ordinal);
    }

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

    static ImportStoppedException Stopped(UserLine first, UserLine last, bool isCommitting, Exception failure) =>
        new(first.Source.Number, last.Source.Number, isCommitting && failure is not PostgresException, failure);
}
