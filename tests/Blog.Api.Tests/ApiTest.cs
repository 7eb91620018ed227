namespace Blog.Api.Tests;

/// <summary>A test beside Bea of the service as it is where nobody signs in.</summary>
public abstract class ApiTest(BlogApi api) : BystanderTest(api), IClassFixture<BlogApi>;
