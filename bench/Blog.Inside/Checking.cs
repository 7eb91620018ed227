using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using Blog.Data;
using Blog.Data.Input;
using Blog.Data.Users;

namespace Blog.Inside;

/// <summary>From the body of POST /users, three posts with nine tags, to a record whose values keep every rule.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[BenchmarkCategory(nameof(Checking))]
public class Checking
{
    readonly byte[] body = Samples.NewUser();
    readonly byte[] refused = Samples.RefusedUser();
    readonly JsonTypeInfo<UserCreate> type =
        (JsonTypeInfo<UserCreate>)BlogJson.Settings.GetTypeInfo(typeof(UserCreate));

    /// <summary>What is compared comes to the same.</summary>
    [GlobalSetup]
    public void Check() => Samples.RequireSame(Samples.JsonOf(NewUser()), Samples.JsonOf(NewUserUnchecked()));

    /// <summary>A body that keeps the rules.</summary>
    [Benchmark]
    public UserCreate NewUser() => JsonInput.Read<UserCreate>(body, InputRules.Request);

    /// <summary>The same into the same record, and nothing checked.</summary>
    [Benchmark]
    public UserCreate NewUserUnchecked() => JsonSerializer.Deserialize(body, type)!;

    /// <summary>A body that breaks a rule, up to the exception with all that is wrong.</summary>
    [Benchmark]
    public IReadOnlyList<InputError> Refused()
    {
        try
        {
            JsonInput.Read<UserCreate>(refused, InputRules.Request);
        }
        catch (InvalidInputException invalid)
        {
            return invalid.Errors;
        }

        throw new InvalidOperationException("The body was not refused.");
    }
}
