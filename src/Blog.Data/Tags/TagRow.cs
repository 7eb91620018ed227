namespace Blog.Data.Tags;

sealed record TagRow(string Name, long Id, long Version)
{
    public Tag ToTag() => new(Name, Id) { Version = Version };
}
