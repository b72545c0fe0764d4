using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>Whoever copies a command out of the documentation has one that the command line takes.</summary>
public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string, string> Commands => [.. Documents().SelectMany(file => CommandsOf(file).Select(command => (Path.GetRelativePath(Repository.Root, file), command))).Distinct()];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_documented_command_can_be_read(string file, string command)
    {
        var parsed = VerSemi.Cli.CommandLine.Root().Parse(Words(command));

        // Prose may call a command by its name alone.
        if (Name().IsMatch(command))
            Assert.True(parsed.UnmatchedTokens.Count == 0, $"{file}: there is no {command}");
        else
            Assert.True(parsed.Errors.Count == 0, $"{file}: {command}: {string.Join(" ", parsed.Errors.Select(error => error.Message))}");
    }

    [Fact]
    public void Every_command_is_documented()
    {
        var documented = Commands.Select(row => Words(row.Data.Item2).FirstOrDefault(word => !word.StartsWith('-') && !word.Contains("://", StringComparison.Ordinal))).ToHashSet();

        Assert.Empty(VerSemi.Cli.CommandLine.Root().Subcommands.Select(command => command.Name).Except(documented));
    }

    [Theory]
    [InlineData("versemi runs RUN --logs")]
    [InlineData("versemi rums")]
    [InlineData("versemi withdraw liver/case_031")]
    public void A_wrong_one_would_be_found(string command) => Assert.NotEmpty(VerSemi.Cli.CommandLine.Root().Parse(Words(command)).Errors);

    private static IEnumerable<string> Documents() =>
        [Repository.PathOf("README.md"), .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories), .. Directory.EnumerateFiles(Repository.PathOf("k8s"), "alerts.yaml", SearchOption.AllDirectories)];

    /// <summary>Lines of code, those that end with a backslash joined; and words between backticks.</summary>
    private static IEnumerable<string> CommandsOf(string file)
    {
        var text = Continued().Replace(File.ReadAllText(file), " ");
        return Command().Matches(text).Select(match => match.Groups["line"].Success ? match.Groups["line"].Value : match.Groups["words"].Value).Where(command => !command.Contains('['));
    }

    private static string[] Words(string command) => [.. CommandLineParser.SplitCommandLine(Quoted().Replace(command.Split(" #")[0], "\"$1\"")).Skip(1).Select(Value)];

    /// <summary>What stands for a value, as the reader would put it in.</summary>
    private static string Value(string word) => word switch
    {
        "VERSION" => "2",
        "…" => "http://127.0.0.1:5080",
        _ => word.Replace("$host", "versemi.example.org", StringComparison.Ordinal).TrimEnd('…'),
    };

    [GeneratedRegex(@"^(?<line>(\./)?versemi +\S.*)$|`(?<words>(\./)?versemi [^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex("^(\\./)?versemi [a-z-]+( [a-z]+)?$")]
    private static partial Regex Name();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
