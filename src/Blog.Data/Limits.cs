namespace Blog.Data;

/// <summary>The limits of what is stored. Texts are counted in Unicode code points after normalisation, as PostgreSQL counts characters.</summary>
public static class Limits
{
    /// <summary>Code points of a user's name.</summary>
    public const int Name = 50;

    /// <summary>Code points of a profile's bio.</summary>
    public const int Bio = 200;

    /// <summary>Code points of a post's title.</summary>
    public const int Title = 100;

    /// <summary>Code points of a tag's name.</summary>
    public const int TagName = 30;

    /// <summary>Bytes of a post's content in UTF-8.</summary>
    public const int ContentBytes = 1024 * 1024;

    /// <summary>Tags of one post, each name counted once.</summary>
    public const int TagsPerPost = 50;

    /// <summary>Posts of one request that creates a user.</summary>
    public const int PostsPerUser = 100;

    /// <summary>What is wrong with one body: as much is named, and then no more is looked for.</summary>
    public const int Errors = 1000;

    /// <summary>Levels of objects and arrays in a body.</summary>
    public const int JsonDepth = 16;

    /// <summary>Bytes of one line of an import, without its line feed.</summary>
    public const int ImportLineBytes = 16 * 1024 * 1024;

    /// <summary>Rows of one page.</summary>
    public const int Page = 100;

    /// <summary>Posts that a user in a list carries.</summary>
    public const int PostsInList = 50;

    /// <summary>Posts of a tag that are counted; a tag may be on any number.</summary>
    public const int PostsCountedOfTag = 10_000;

    /// <summary>Tags that a list is filtered by.</summary>
    public const int TagFilters = 5;

    /// <summary>Code points of what is searched for.</summary>
    public const int SearchWords = 200;
}
