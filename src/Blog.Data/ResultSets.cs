using System.Runtime.CompilerServices;
using Dapper;

namespace Blog.Data;

/// <summary>The result sets of one round trip, read in the order of the file. Reading counts the rows; disposing ends the round trip.</summary>
sealed class ResultSets(SqlMapper.GridReader reader, BlogData.Passage passage) : IAsyncDisposable
{
    long rows;

    /// <summary>What the round trip came to; null until it ends.</summary>
    public EndedTrip? Trip => passage.Trip;

    /// <summary>The next set, whole. The row type is a positional record in column order.</summary>
    /// <exception cref="OutcomeUnknownException">What was written may be committed.</exception>
    public Task<IReadOnlyList<T>> ReadAsync<T>() => ReadAsync(async () => (await reader.ReadAsync<T>()).AsList());

    /// <summary>The next set, of which the header says 0..1.</summary>
    /// <exception cref="InvalidOperationException">There are more.</exception>
    /// <inheritdoc cref="ReadAsync{T}()" path="/exception" />
    public async Task<T?> ReadFirstOrNoneAsync<T>() => (await ReadAsync<T>()).SingleOrDefault();

    /// <summary>
    /// The next set, of which the header says 0..1, as two objects of one row. <typeparamref name="T2"/> is null where the column
    /// <paramref name="splitOn"/>, its first, is null.
    /// </summary>
    /// <inheritdoc cref="ReadFirstOrNoneAsync{T}()" path="/exception" />
    public async Task<TResult?> ReadFirstOrNoneAsync<T1, T2, TResult>(Func<T1, T2, TResult> combine, string splitOn)
        where TResult : class => (await ReadApartAsync(() => reader.Read(combine, splitOn))).SingleOrDefault();

    /// <summary>
    /// The next set as three objects a row; the second and the third are null where their first column is.
    /// </summary>
    /// <inheritdoc cref="ReadAsync{T}()" path="/exception" />
    public Task<IReadOnlyList<TResult>> ReadAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> combine,
        string splitOn
    ) => ReadApartAsync(() => reader.Read(combine, splitOn));

    /// <summary>The next set, row by row as it comes.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var coming = reader.ReadUnbufferedAsync<T>().GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await MovesAsync(coming))
            {
                rows++;
                yield return coming.Current;
            }
        }
        finally
        {
            await passage.Session.EndAsync(coming.DisposeAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await passage.Session.EndAsync(reader.DisposeAsync);
            passage.ThrowIfInDoubt();
        }
        catch (Exception failure)
        {
            passage.Note(failure);
            passage.ThrowIfUnknown(failure);
            throw;
        }
        finally
        {
            passage.End(rows);
        }
    }

    async Task<bool> MovesAsync<T>(IAsyncEnumerator<T> coming)
    {
        try
        {
            var next = coming.MoveNextAsync();
            return next.IsCompletedSuccessfully ? await next : await passage.Session.WithinAsync(next.AsTask());
        }
        catch (Exception failure)
        {
            passage.Note(failure);
            throw;
        }
    }

    /// <summary>Dapper's reader has no asynchronous form of its multi-mapping: it waits on a thread of its own, which a deadline can leave behind.</summary>
    Task<IReadOnlyList<T>> ReadApartAsync<T>(Func<IEnumerable<T>> read) =>
        ReadAsync(() => Task.Run(() => read().AsList()));

    async Task<IReadOnlyList<T>> ReadAsync<T>(Func<Task<List<T>>> read)
    {
        try
        {
            return Count(await passage.Session.WithinAsync(read()));
        }
        catch (Exception failure)
        {
            passage.Note(failure);
            passage.ThrowIfUnknown(failure);
            throw;
        }
    }

    List<T> Count<T>(List<T> set)
    {
        rows += set.Count;
        passage.Admit(rows);
        return set;
    }
}
