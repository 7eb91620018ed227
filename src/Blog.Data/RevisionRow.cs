namespace Blog.Data;

sealed record RevisionRow(long Version, long TagEpoch)
{
    public Revision ToRevision() => new(Version, TagEpoch);
}
