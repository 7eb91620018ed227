using Blog.Data.Migrations;

namespace Blog.Data.Tests.Migrations;

public class MigrationScriptTests
{
    [Fact]
    public void Loads_every_script_of_the_build_in_order_under_its_bare_file_name() =>
        Assert.Equal(
            ["0001_create_roles.sql", "0002_create_users.sql", "0003_create_post.sql", "0004_create_tag.sql"],
            MigrationScript.LoadAll().Select(script => script.Name).Take(4)
        );

    [Fact]
    public void Takes_the_checksum_over_normalised_line_ends()
    {
        var unix = new MigrationScript("0001_a.sql", "select 1;\nselect 2;\n");
        var windows = new MigrationScript("0001_a.sql", "select 1;\r\nselect 2;\r\n");

        // printf 'select 1;\nselect 2;\n' | sha256sum
        Assert.Equal("061e995aebcb765888ac7580f67ee3815a03b9b9c3fd5ff2dbb40db98b53a737", unix.Checksum);
        Assert.Equal(unix.Checksum, windows.Checksum);
    }

    [Theory]
    [InlineData("1_a.sql")]
    [InlineData("0001_A.sql")]
    [InlineData("0001-a.sql")]
    [InlineData("0001_a.sql\n")]
    [InlineData("Blog.Data.0001_a.sql")]
    public void Refuses_a_name_that_does_not_sort_by_its_number(string name) =>
        Assert.Equal(
            $"{name}: a script is named NNNN_verb_object.sql, in lower case.",
            Assert.Throws<MigrationException>(() => new MigrationScript(name, "select 1")).Message
        );

    [Theory]
    [InlineData("-- only a comment\n", "0001_a.sql: it holds no statement.")]
    [InlineData(
        "-- migrate: notransaction\nselect 1",
        "0001_a.sql: the header says \"migrate: notransaction\"; only \"no-transaction\" is known."
    )]
    [InlineData(
        "-- migrate: no-transaction\nselect 1; select 2;",
        "0001_a.sql: a no-transaction script has exactly one statement, and this one has 2."
    )]
    [InlineData("select 1;\ncommit;\nselect 2;", "0001_a.sql: line 2 controls the transaction; the runner does that.")]
    public void Refuses_a_text_that_breaks_a_rule(string text, string message) =>
        Assert.Equal(message, Assert.Throws<MigrationException>(() => new MigrationScript("0001_a.sql", text)).Message);

    [Fact]
    public void Refuses_two_scripts_with_one_number() =>
        Assert.Equal(
            "0002_a.sql and 0002_b.sql have the same number: give the later one the next free number.",
            Assert
                .Throws<MigrationException>(() =>
                    MigrationScript.Ordered([new("0002_b.sql", "select 1"), new("0002_a.sql", "select 1")])
                )
                .Message
        );

    [Fact]
    public void Only_the_header_can_switch_the_transaction_off()
    {
        Assert.False(
            new MigrationScript("0001_a.sql", "-- why: x\n-- migrate: no-transaction\n\nselect 1").RunsInTransaction
        );
        Assert.True(new MigrationScript("0001_a.sql", "select 1;\n-- migrate: no-transaction\n").RunsInTransaction);
    }

    [Theory]
    [InlineData("select 1; select 2", "select 1|select 2")]
    [InlineData("-- a;b\n/* c; /* d; */ e; */ select 1;;\n", "select 1")]
    [InlineData("select 'a;''b', \"c;\"\"d\"; select 2", "select 'a;''b', \"c;\"\"d\"|select 2")]
    [InlineData("select e'a\\';b'; select 2", "select e'a\\';b'|select 2")]
    [InlineData("select 'a\\'; select 2", "select 'a\\'|select 2")]
    [InlineData("do $$ begin; end $$; select $x$ $$;$$ ; $x$", "do $$ begin; end $$|select $x$ $$;$$ ; $x$")]
    [InlineData("select a$b$c; select $1; select 2", "select a$b$c|select $1|select 2")]
    [InlineData(
        "create rule r as on insert to t do also (select 1; select 2); select 3",
        "create rule r as on insert to t do also (select 1; select 2)|select 3"
    )]
    [InlineData("select 1 -- trailing; comment", "select 1 -- trailing; comment")]
    [InlineData("select 'never closed; select 2", "select 'never closed; select 2")]
    public void Splits_where_the_server_would(string text, string statements) =>
        Assert.Equal(statements.Split('|'), SqlText.Split(text).Select(statement => statement.Text));

    [Fact]
    public void Knows_the_line_of_a_statement() =>
        Assert.Equal(
            [3, 5],
            SqlText.Split("-- one\n\nselect 1;\n-- four\nselect\n2").Select(statement => statement.Line)
        );
}
