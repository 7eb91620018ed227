using Blog.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]
