using System.Data.Common;
using System.Diagnostics;
using Npgsql;

namespace Blog.Data.Users;

/// <summary>
/// Users that are to be created while all who create are busy are created together: one round trip and one commit for all of them. Nobody waits for
/// others to come, and each is stored whole or not at all: where the database refuses what they are together, each is tried alone.
/// </summary>
/// <remarks>
/// A few lead, each with a connection. Who comes meanwhile waits, and whoever has waited longest leads next and takes along as many as fit and have
/// hardly less time, so what is sent ends with the deadline that comes first, or within its grace.
/// </remarks>
sealed class SharedCreations(BlogData data)
{
    /// <summary>How many are created together at most.</summary>
    const int MostUsers = 32;

    /// <summary>How many rows they are at most, with their posts and links, and how many characters of content: what is larger goes alone.</summary>
    const int MostRows = 1000;
    const int MostCharacters = 128 * 1024;

    readonly Lock gate = new();
    readonly LinkedList<Member> waiting = [];
    readonly int mostLeaders = Math.Max(1, data.Places / 2);
    int leaders;

    /// <summary>Creates a user in a transaction that others may be in, too. One round trip; two where that of all was refused.</summary>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was stored.</exception>
    /// <exception cref="PoolQueueException">Too many wait, or it took too long.</exception>
    public async Task<User> CreateAsync(UserCreate user, CancellationToken cancellationToken)
    {
        var member = new Member(user);
        if (Leads(member))
        {
            return await LeadAsync(member, cancellationToken);
        }

        switch (await FollowAsync(member, cancellationToken))
        {
            case Turn.Stored(var created, var trip):
                trip.Share();
                return created;
            case Turn.Lead:
                return await LeadAsync(member, cancellationToken);
            default:
                return await GoAloneAsync(user, cancellationToken);
        }
    }

    async Task<Turn> FollowAsync(Member member, CancellationToken cancellationToken)
    {
        try
        {
            return await data.WaitInQueueAsync(member.Turn, cancellationToken);
        }
        catch when (Withdraws(member))
        {
            throw;
        }
        catch
        {
            // It was taken along, and ends with the deadline of the one that leads, or leads itself and is told there.
            return await member.Turn;
        }
    }

    async Task<User> LeadAsync(Member leader, CancellationToken cancellationToken)
    {
        List<Member> together = [leader];
        try
        {
            await using var session = await data.OpenAsync(cancellationToken, leader.Since);
            cancellationToken.ThrowIfCancellationRequested();
            TakeAlong(together);
            var (created, trip) = await UserCreation.CreateAsync(
                [.. together.Select(member => member.User)],
                session,
                null,
                cancellationToken
            );
            foreach (var (member, user) in together.Zip(created).Skip(1))
            {
                member.Give(new Turn.Stored(user, trip));
            }

            return created[0];
        }
        catch (Exception failure)
        {
            foreach (var member in together.Skip(1))
            {
                member.GiveUp(failure);
            }

            if (together.Count == 1 || !MayBeAnothers(failure))
            {
                throw;
            }
        }
        finally
        {
            PassOn();
        }

        SqlUsage.BeginAttempt();
        return await GoAloneAsync(leader.User, cancellationToken);
    }

    async Task<User> GoAloneAsync(UserCreate user, CancellationToken cancellationToken)
    {
        await using var session = await data.OpenAsync(cancellationToken);
        var (created, _) = await UserCreation.CreateAsync([user], session, null, cancellationToken);
        return created[0];
    }

    /// <summary>Whether it says something of what was sent, and not of the connection or of the time.</summary>
    static bool MayBeAnothers(Exception failure) =>
        failure is PostgresException or WriteConflictException
        && DatabaseFailure.Of(failure)
            is null
                or { Kind: FailureKind.Refused or FailureKind.WriteConflict or FailureKind.Overloaded };

    bool Leads(Member member)
    {
        lock (gate)
        {
            if (leaders < mostLeaders)
            {
                leaders++;
                return true;
            }

            waiting.AddLast(member);
            return false;
        }
    }

    void TakeAlong(List<Member> together)
    {
        lock (gate)
        {
            var (rows, characters) = (together[0].Rows, together[0].Characters);
            while (
                together.Count < MostUsers
                && waiting.First?.Value is { } next
                && next.Rest >= together[0].Rest - Deadline.Grace
                && (rows += next.Rows) <= MostRows
                && (characters += next.Characters) <= MostCharacters
            )
            {
                waiting.RemoveFirst();
                together.Add(next);
            }
        }
    }

    /// <summary>Who has waited longest leads now.</summary>
    void PassOn()
    {
        lock (gate)
        {
            if (waiting.First?.Value is not { } next)
            {
                leaders--;
                return;
            }

            waiting.RemoveFirst();
            next.Give(new Turn.Lead());
        }
    }

    /// <returns>False where it does not wait any longer: it was taken along, or leads.</returns>
    bool Withdraws(Member member)
    {
        lock (gate)
        {
            return waiting.Remove(member);
        }
    }

    /// <summary>What a user who waits is told.</summary>
    abstract record Turn
    {
        /// <summary>To take along whoever waits.</summary>
        public sealed record Lead : Turn;

        /// <summary>Those with whom it was sent could not be stored together.</summary>
        public sealed record Alone : Turn;

        /// <summary>That it is done.</summary>
        public sealed record Stored(User User, EndedTrip Trip) : Turn;
    }

    sealed class Member(UserCreate user)
    {
        readonly Deadline? deadline = Deadline.Current;
        readonly TaskCompletionSource<Turn> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public UserCreate User => user;

        public Task<Turn> Turn => turn.Task;

        public int Rows { get; } = 2 + user.Posts.Count + user.Posts.Sum(post => post.TagNames.Count);

        public int Characters { get; } = user.Posts.Sum(post => post.Content.Length);

        /// <summary>How much time is left.</summary>
        public TimeSpan Rest => deadline?.Rest ?? TimeSpan.MaxValue;

        /// <summary>Since when it has waited.</summary>
        public long Since { get; } = Stopwatch.GetTimestamp();

        public void Give(Turn told) => turn.SetResult(told);

        /// <summary>Where nothing was stored it is tried alone: the failure may be another's, as the deadline and the hang-up of the one that led are.</summary>
        public void GiveUp(Exception failure)
        {
            if (
                failure is OperationCanceledException or WriteConflictException
                || (failure is DbException and not OutcomeUnknownException)
            )
            {
                turn.TrySetResult(new Turn.Alone());
            }
            else
            {
                turn.TrySetException(failure);
            }
        }
    }
}
