namespace Blog.Data.Migrations.Review;

/// <summary>A name as a statement has it, <c>blog.post</c> or <c>post</c>; equal where it is written the same.</summary>
/// <param name="Text">Its parts with dots between them.</param>
/// <param name="Offset">Where it begins in the script.</param>
readonly record struct SqlName(string Text, int Offset)
{
    public bool IsQualified => Text.Contains('.', StringComparison.Ordinal);

    /// <summary>Without its last part: the table of a column.</summary>
    public string Parent => IsQualified ? Text[..Text.LastIndexOf('.')] : "";

    public string Last => Text[(Text.LastIndexOf('.') + 1)..];

    /// <summary>A sibling: <c>blog.post_idx</c> beside <c>blog.post</c>.</summary>
    public string Beside(string name) => IsQualified ? $"{Parent}.{name}" : name;
}
