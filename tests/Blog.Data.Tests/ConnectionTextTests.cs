namespace Blog.Data.Tests;

public sealed class ConnectionTextTests
{
    [Theory]
    [InlineData("Host=db.example.org", "db.example.org")]
    [InlineData("Host=db.example.org:5433;SSL Mode=Require", "db.example.org")]
    [InlineData("Host=db.example.org;SSL Mode=VerifyCA", "db.example.org")]
    [InlineData("Host=127.0.0.1,10.0.0.7:5433", "10.0.0.7")]
    [InlineData("Host=2001:db8::1", "2001:db8::1")]
    [InlineData("Host=[2001:db8::1]:5433", "2001:db8::1")]
    [InlineData("Host=db.example.org;SSL Mode=VerifyFull", null)]
    [InlineData("Host=localhost", null)]
    [InlineData("Host=127.0.0.1:5433,LOCALHOST:5434", null)]
    [InlineData("Host=::1", null)]
    [InlineData("Host=[::1]:5433", null)]
    [InlineData("Host=/var/run/postgresql", null)]
    [InlineData("Host=@blog", null)]
    [InlineData("Database=blog", null)]
    public void A_host_beyond_this_machine_has_to_prove_who_it_is(string text, string? unverified) =>
        Assert.Equal(unverified, ConnectionText.UnverifiedHost(text));

    [Theory]
    [InlineData("Host=localhost;Port=many")]
    [InlineData("Host=localhost;Nothing=such")]
    [InlineData("postgres://blog_app@localhost/blog")]
    public void A_text_that_is_no_connection_string_cannot_be_read(string text) =>
        Assert.False(ConnectionText.IsReadable(text));

    [Fact]
    public void What_would_tell_values_is_taken_away_and_all_else_stays()
    {
        const string text = "Host=a;Username=b;Password=c;Maximum Pool Size=7";

        var read = ConnectionText.Read(
            $"{text};Log Parameters=true;Include Error Detail=true;Include Failed Batched Command=true;Persist Security Info=true",
            tellsDetails: false
        );

        Assert.False(read.LogParameters || read.IncludeErrorDetail || read.IncludeFailedBatchedCommand);
        Assert.False(read.PersistSecurityInfo);
        Assert.Equal(("a", "b", "c", 7), (read.Host, read.Username, read.Password, read.MaxPoolSize));
        Assert.True(ConnectionText.IsReadable(text));
    }

    [Fact]
    public void What_is_not_said_is_as_it_is_best_for_the_service()
    {
        var settings = ConnectionText.Complete("Host=a;Username=b;Password=c", tellsDetails: false);

        Assert.Equal(
            ("blog", 2, 500, Math.Max(12, 2 * Environment.ProcessorCount + 8)),
            (settings.ApplicationName, settings.Timeout, settings.CancellationTimeout, settings.MaxPoolSize)
        );
        Assert.Equal((200, 1, true), (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages, settings.NoResetOnClose));
    }

    [Fact]
    public void What_is_said_stays()
    {
        var settings = ConnectionText.Complete(
            "Host=a;Application Name=b;Timeout=15;CancellationTimeout=2000;MaxPoolSize=100;Max Auto Prepare=0;Auto Prepare Min Usages=5;No Reset On Close=false",
            tellsDetails: false
        );

        Assert.Equal(
            ("b", 15, 2000, 100),
            (settings.ApplicationName, settings.Timeout, settings.CancellationTimeout, settings.MaxPoolSize)
        );
        Assert.Equal((0, 5, false), (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages, settings.NoResetOnClose));
    }
}
