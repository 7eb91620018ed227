using Blog.Bench.Shell;

namespace Blog.Bench.Stage;

/// <summary>Services as they would be deployed, in a folder that is kept.</summary>
/// <param name="folder">Has a folder for each.</param>
sealed class Publisher(string folder)
{
    /// <summary>Publishes it where it is a project.</summary>
    /// <returns>The command that starts it, without address.</returns>
    public async Task<IReadOnlyList<string>> PublishAsync(Contestant contestant, CancellationToken cancellationToken)
    {
        if (!contestant.Exists)
        {
            throw new BenchException(
                ExitCode.Missing,
                $"There is no {contestant.Path}: leave {contestant.Key} out with --peers."
            );
        }

        if (!contestant.IsProject)
        {
            return [Checkout.At(contestant.Path)];
        }

        Progress.Say($"publishing {contestant.Path}");
        var target = Path.Combine(folder, contestant.Key);
        await Tool.Dotnet.RunAsync(
            ["publish", contestant.Path, "-c", "Release", "-v", "quiet", "-nologo", "-o", target],
            environment: null,
            line: null,
            cancellationToken
        );
        return ["dotnet", Path.Combine(target, Path.GetFileName(contestant.Path) + ".dll")];
    }
}
