namespace Blog.Data.Users;

sealed record ProfileRow(long ProfileId, string Bio)
{
    public Profile ToProfile() => new(Bio, ProfileId);
}
