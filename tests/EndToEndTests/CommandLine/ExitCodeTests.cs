using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

public class ExitCodeTests
{
    [Theory]
    [InlineData("no-such-command")]
    [InlineData("phantom")]
    [InlineData("phantom", "--out")]
    [InlineData("phantom", "--out", "x", "--seed", "one")]
    public async Task A_wrong_call_ends_with_2_and_says_what_is_wrong(params string[] arguments)
    {
        var (code, output, errors) = await VersemiProcess.RunAsync(arguments, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("versemi --help", errors);
    }

    [Fact]
    public async Task Help_ends_with_0_and_names_the_purpose()
    {
        var (code, output, _) = await VersemiProcess.RunAsync(["--help"], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        Assert.Contains("not a medical device", output);
    }
}
