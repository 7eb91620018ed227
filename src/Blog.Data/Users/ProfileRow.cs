namespace Blog.Data.Users;

sealed record ProfileRow(long ProfileId, string Bio)
{
    /// <summary>As a part of its user.</summary>
    public Profile ToProfile() => new(Bio, ProfileId);

    /// <summary>By itself, as new as its user.</summary>
    public Profile Of(Revision revision) => ToProfile() with { Revision = revision };
}
