using System.CommandLine;
using System.Globalization;
using Blog.Cli.Shell;
using Blog.Cli.Sql;
using Blog.Data.Input;

namespace Blog.Cli.Access;

/// <summary><c>blog token</c>: a token to try the service with, signed by the secret that the service reads.</summary>
static class TokenCommand
{
    static readonly string[] scopes = ["blog:read", "blog:write", "blog:admin", "blog:sql"];

    static readonly Option<string> subject = new("--sub")
    {
        HelpName = "id",
        Description = "Whom it speaks for: a user's id, or anything else for a caller who owns nothing.",
        DefaultValueFactory = _ => "1",
    };

    static readonly Option<string> scope = new("--scope")
    {
        HelpName = "scopes",
        Description = $"Its rights, with a blank between: {string.Join(", ", scopes)}.",
        DefaultValueFactory = _ => "blog:read blog:write",
    };

    static readonly Option<string?> keyFile = Setting(
        "--key-file",
        "file",
        "Auth__KeyFile",
        "The file with the secret."
    );
    static readonly Option<string?> issuer = Setting("--issuer", "text", "Auth__Issuer", "Who makes the token.");
    static readonly Option<string?> audience = Setting("--audience", "text", "Auth__Audience", "For whom it is.");

    static readonly Option<int> minutes = new("--minutes")
    {
        HelpName = "number",
        Description = "How long it counts, 1 to 1440.",
        DefaultValueFactory = _ => 60,
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "token",
            "Makes a token for development and tests (HS256). Where there is a real issuer it makes the tokens, and the service has its public keys only."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "the token is on the standard output"),
                (ExitCode.Failed, "the file cannot be read, or holds no secret"),
                (ExitCode.Usage, "the arguments are wrong"),
            ],
            Examples =
            [
                "blog token --sub 1 --key-file .data/auth.key --issuer blog-dev --audience blog",
                "blog token --sub ops --scope \"blog:admin blog:sql\" --minutes 5 --json",
            ],
        };
        command.Add(subject);
        command.Add(scope);
        command.Add(keyFile);
        command.Add(issuer);
        command.Add(audience);
        command.Add(minutes);
        command.Add(OperatorQuestion.Json);
        command.SetAction(arguments => Write(arguments));
        return command;
    }

    static int Write(ParseResult arguments)
    {
        var wanted = arguments.GetRequiredValue(scope).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (wanted.FirstOrDefault(one => !scopes.Contains(one, StringComparer.Ordinal)) is { } unknown)
        {
            var advice = Spelling.FindNear(unknown, scopes) is { } near
                ? $"Did you mean {near}?"
                : $"There are {string.Join(", ", scopes)}.";
            throw new CommandFailedException(ExitCode.Usage, $"{unknown} is no scope of the service. {advice}");
        }

        if (arguments.GetValue(minutes) is var lifetime && lifetime is < 1 or > 1440)
        {
            throw new CommandFailedException(ExitCode.Usage, "--minutes is a number from 1 to 1440.");
        }

        if (arguments.GetRequiredValue(subject) is not { Length: > 0 } whom)
        {
            throw new CommandFailedException(ExitCode.Usage, "--sub is empty.");
        }

        var now = DateTimeOffset.UtcNow;
        var claims = new TokenClaims(
            Needed(arguments, issuer, "Auth__Issuer"),
            Needed(arguments, audience, "Auth__Audience"),
            whom,
            string.Join(' ', wanted),
            now.ToUnixTimeSeconds(),
            now.AddMinutes(lifetime).ToUnixTimeSeconds()
        );
        var token = SignedToken.Of(claims, SignedToken.ReadSecret(Needed(arguments, keyFile, "Auth__KeyFile")));
        Console.WriteLine(
            arguments.GetValue(OperatorQuestion.Json)
                ? CliJson.Write(
                    new WrittenToken(
                        token,
                        claims.Sub,
                        claims.Scope,
                        DateTimeOffset
                            .FromUnixTimeSeconds(claims.Exp)
                            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                    )
                )
                : token
        );
        return ExitCode.Done;
    }

    static Option<string?> Setting(string name, string value, string variable, string description) =>
        new(name)
        {
            HelpName = value,
            Description = $"{description} Without it what {variable} says, as for the service.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(variable),
        };

    static string Needed(ParseResult arguments, Option<string?> option, string variable) =>
        arguments.GetValue(option) is { Length: > 0 } value
            ? value
            : throw new CommandFailedException(ExitCode.Usage, $"{option.Name} is missing, and {variable} is not set.");
}

/// <summary>What <c>token --json</c> writes.</summary>
sealed record WrittenToken(string Token, string Subject, string Scope, string ExpiresAt);
