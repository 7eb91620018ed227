namespace Blog.Data.Tags;

/// <summary>Which tags a list holds; what is null does not filter.</summary>
/// <param name="Name">The whole name.</param>
/// <param name="NamePrefix">What the name begins with.</param>
public sealed record TagFilter(string? Name = null, string? NamePrefix = null);

/// <summary>What is read of a tag besides name and id.</summary>
/// <param name="Times">When it was created and updated.</param>
/// <param name="PostCount">How many posts carry it.</param>
public sealed record TagParts(bool Times = false, bool PostCount = false);
