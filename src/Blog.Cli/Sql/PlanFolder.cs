using Blog.Cli.Shell;
using Blog.Data.Catalogue;
using Blog.Data.Plans;

namespace Blog.Cli.Sql;

/// <summary>The plan files of a checkout, where approved bounds are written.</summary>
sealed class PlanFolder
{
    readonly string path;

    PlanFolder(string path) => this.path = path;

    /// <summary>The chosen folder, else <c>sql/plans</c> of the checkout around the working directory.</summary>
    public static PlanFolder Find(string? chosen)
    {
        if (chosen is not null)
        {
            return Directory.Exists(chosen)
                ? new(chosen)
                : throw new CommandFailedException(ExitCode.Usage, $"There is no folder {chosen}.");
        }

        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Blog.sln")))
            {
                return new(Path.Combine(folder.FullName, "sql", "plans"));
            }
        }

        throw new CommandFailedException(
            ExitCode.Usage,
            "There is no checkout around this folder whose plan files could be written. Go there, or name the folder with --into."
        );
    }

    public PlanContract Read(Query query)
    {
        var file = FileOf(query);
        try
        {
            return PlanText.Parse(query, File.ReadAllText(file));
        }
        catch (Exception failure) when (failure is IOException or FormatException)
        {
            throw new CommandFailedException(ExitCode.Usage, failure.Message, failure);
        }
    }

    /// <summary>Writes a file where something of it has changed.</summary>
    /// <returns>Whether it has.</returns>
    public bool Write(PlanContract contract)
    {
        var file = FileOf(contract.Query);
        var text = PlanText.Write(contract);
        if (text == File.ReadAllText(file))
        {
            return false;
        }

        File.WriteAllText(file, text);
        return true;
    }

    string FileOf(Query query) => Path.Combine(path, $"{query.Id}.plan");
}
