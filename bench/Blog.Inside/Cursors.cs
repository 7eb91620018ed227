using System.Buffers.Text;
using BenchmarkDotNet.Attributes;
using Blog.Api.Lists;
using Blog.Data.Lists;
using Blog.Data.Posts;

namespace Blog.Inside;

/// <summary>Where a page ended, to and from the text of a link.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[BenchmarkCategory(nameof(Cursors))]
public class Cursors
{
    const string Filters = "author_id" + "\0" + "17";
    const long Id = 1_000_000;

    static readonly AccessPath path = PostListRepository.Paths.First(known => known.Filters == "author_id");

    readonly string text = Cursor.Encode(path, Filters, Cursor.KeyOf(Id));
    readonly byte[] bytes = new byte[18];

    /// <summary>To text.</summary>
    [Benchmark]
    public string Encode() => Cursor.Encode(path, Filters, Cursor.KeyOf(Id));

    /// <summary>As many bytes to text, without the hash over the filters.</summary>
    [Benchmark]
    public string EncodeUnbound() => Base64Url.EncodeToString(bytes);

    /// <summary>From text, with every check.</summary>
    [Benchmark]
    public long Decode() => Cursor.ReadId(Cursor.Decode(text, path, Filters));
}
