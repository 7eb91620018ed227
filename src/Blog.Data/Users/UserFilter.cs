namespace Blog.Data.Users;

/// <summary>Which users a list holds; what is null does not filter.</summary>
/// <param name="Name">The whole name.</param>
/// <param name="NamePrefix">What the name begins with.</param>
public sealed record UserFilter(string? Name = null, string? NamePrefix = null);

/// <summary>What is read of a user besides name, id and profile.</summary>
/// <param name="PostLimit">How many posts; 0 reads none.</param>
/// <param name="Tags">The tags of the posts.</param>
/// <param name="Times">When it was created and updated.</param>
/// <param name="PostCount">How many posts there are.</param>
public sealed record UserParts(int PostLimit, bool Tags = true, bool Times = false, bool PostCount = false);
