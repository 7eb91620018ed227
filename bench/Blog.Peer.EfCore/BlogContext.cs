using Microsoft.EntityFrameworkCore;

namespace Blog.Peer.EfCore;

/// <summary>A row of blog.users.</summary>
sealed class User
{
    public long Id { get; set; }
    public required string Name { get; set; }
    public Profile? Profile { get; set; }
    public List<Post> Posts { get; set; } = [];
}

/// <summary>A row of blog.profile.</summary>
sealed class Profile
{
    public long Id { get; set; }
    public long UserId { get; set; }
    public required string Bio { get; set; }
}

/// <summary>A row of blog.post.</summary>
sealed class Post
{
    public long Id { get; set; }
    public long AuthorId { get; set; }
    public User? Author { get; set; }
    public required string Title { get; set; }
    public required string Content { get; set; }
    public List<Tag> Tags { get; set; } = [];
}

/// <summary>A row of blog.tag.</summary>
sealed class Tag
{
    public long Id { get; set; }
    public required string Name { get; set; }
    public List<Post> Posts { get; set; } = [];
}

/// <summary>The tables of the schema blog.</summary>
sealed class BlogContext(DbContextOptions<BlogContext> options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<Post> Posts => Set<Post>();

    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema("blog");
        modelBuilder.Entity<User>().ToTable("users").HasMany(user => user.Posts).WithOne(post => post.Author);
        modelBuilder.Entity<User>().HasOne(user => user.Profile).WithOne();
        modelBuilder.Entity<Profile>().ToTable("profile").HasOne<User>().WithOne(user => user.Profile);
        modelBuilder
            .Entity<Post>()
            .ToTable("post")
            .HasMany(post => post.Tags)
            .WithMany(tag => tag.Posts)
            .UsingEntity(
                "post_tag",
                tag => tag.HasOne(typeof(Tag)).WithMany().HasForeignKey("tag_id"),
                post => post.HasOne(typeof(Post)).WithMany().HasForeignKey("post_id"),
                link => link.HasKey("post_id", "tag_id")
            );
        modelBuilder.Entity<Tag>().ToTable("tag");
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(
                property.Name switch
                {
                    nameof(Post.AuthorId) => "author_id",
                    nameof(Profile.UserId) => "user_id",
                    var name => name.ToLowerInvariant(),
                }
            );
        }
    }
}
