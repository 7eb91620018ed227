namespace Blog.Data.Tests;

/// <summary>A committed file that a command writes.</summary>
static class RenewedFile
{
    /// <summary>Fails with the first line that differs, and with the command that renews the file.</summary>
    internal static void AssertSame(string path, string expected, string command)
    {
        var committed = Repository.Read(path);
        if (committed == expected)
            return;
        var lines = expected.Split('\n').Zip(committed.Split('\n')).ToArray();
        var at = Array.FindIndex(lines, pair => pair.First != pair.Second);
        Assert.Fail(
            at < 0
                ? $"{path} is longer or shorter than it should be. Renew it: {command}"
                : $"{path}, line {at + 1}: is \"{lines[at].Second}\", should be \"{lines[at].First}\". Renew it: {command}"
        );
    }
}
