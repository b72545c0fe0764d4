using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

public class CompletionTests
{
    [Theory]
    [InlineData("bash", "complete -o default -F _versemi versemi")]
    [InlineData("zsh", "compdef _versemi versemi")]
    [InlineData("fish", "complete -c versemi")]
    public async Task A_shell_gets_its_script(string shell, string line)
    {
        var (code, output, _) = await VersemiProcess.RunAsync(["completion", shell], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        Assert.Contains(line, output);
    }

    [Theory]
    [InlineData("mod", "models")]
    [InlineData("models --forg", "--forgetting")]
    [InlineData("completion ", "zsh")]
    public async Task What_may_follow_on_a_line_is_said(string line, string expected)
    {
        var (code, output, errors) = await VersemiProcess.RunAsync([$"[suggest:{line.Length}]", line], cancellation: TestContext.Current.CancellationToken);

        Assert.True(code == 0, errors);
        Assert.Contains(expected, output.Split('\n').Select(one => one.Trim()));
    }
}
